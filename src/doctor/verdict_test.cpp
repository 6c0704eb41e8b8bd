// What checkups come to: how bad each lack is, by where requests go; and how answers are judged.
#include "doctor/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/questions.h"
#include "json/document.h"

namespace ccr::doctor {
namespace {

using testing::HasSubstr;

class Verdict : public testing::Test {
  protected:
    Verdict() {
        config_.providers.resize(1);
        config_.providers[0].name = "p";
        config_.providers[0].base_url = "https://h.example/v1/chat/completions";
        config_.routing.fallback_default = config::ModelRef{"p", "m", {}};
        results_.checkups.resize(1);
        Checkup& c = checkup();
        c.provider = "p";
        c.model = "m";
        c.is_asked = true;
        c.first.status = 200;
        for (Aspect* const aspect : {&c.streaming, &c.usage, &c.tools, &c.parallel_tools, &c.images,
                                     &c.thinking, &c.output})
            aspect->works = true;
        c.takes_output = 32'000;
    }
    Checkup& checkup() { return results_.checkups[0]; }
    std::string checks() const {
        std::string out;
        for (const Finding& finding : findings_of(results_, config_)) {
            EXPECT_EQ(finding.remedy.empty(), finding.severity == Severity::good) << finding.check;
            out += (out.empty() ? "" : " ") + finding.check;
            if (finding.severity == Severity::failure) out += "!";
        }
        return out;
    }
    std::string cause(int status, std::string message) {
        checkup().first.status = status;
        checkup().first.kind = "api_error";
        checkup().first.message = std::move(message);
        return checks();
    }

    config::Config config_;
    Results results_;
};

TEST_F(Verdict, WhatIsMissingOfNoUseToAnybodyIsNoFault) {
    EXPECT_EQ(checks(), "answers");
    checkup().parallel_tools.works = false;
    checkup().thinking.works = false;
    EXPECT_EQ(checks(), "answers");
    config_.routing.image = config::ModelRef{"p", "other", {}};
    checkup().images.works = false;
    EXPECT_EQ(checks(), "answers");
}

TEST_F(Verdict, LacksCountWhereRequestsGo) {
    checkup().images.works = false;
    EXPECT_EQ(checks(), "no-images");
    config_.routing.image = config::ModelRef{"p", "m", {}};
    EXPECT_EQ(checks(), "image-route-blind!");
    checkup().images.works.reset();
    EXPECT_EQ(checks(), "image-route-unclear");
    config_.routing.image.reset();
    config_.routing.think = config::ModelRef{"p", "m", {}};
    checkup().thinking.works = false;
    EXPECT_EQ(checks(), "no-thinking");
    checkup().tools.works = false;
    checkup().streaming.works = false;
    checkup().usage.works = false;
    EXPECT_EQ(checks(), "streaming! no-usage no-tools! no-thinking");
}

TEST_F(Verdict, WhatNobodyIsLedToFailsNobody) {
    checkup().tools.works = checkup().streaming.works = checkup().output.works = false;
    EXPECT_EQ(checks(), "streaming! no-tools! output-refused!");
    config_.routing.fallback_default = config::ModelRef{"p", "other", {}};
    EXPECT_EQ(checks(), "streaming no-tools output-refused");
    config_.routing.fallback = {{"default", {{"p", "m", {}}}}};
    EXPECT_EQ(checks(), "streaming! no-tools! output-refused!");
    config_.routing.fallback.clear();
    config_.routing.rules.resize(1);
    config_.routing.rules[0].use = config::ModelRef{"p", "m", {}};
    EXPECT_EQ(checks(), "streaming! no-tools! output-refused!");
}

TEST_F(Verdict, AModelThatSeesIsNamedInTheRemedy) {
    checkup().images.works = false;
    Checkup other = checkup();
    other.model = "seer";
    other.images.works = true;
    results_.checkups.push_back(other);
    EXPECT_THAT(findings_of(results_, config_)[0].remedy, HasSubstr("ccr model set image p,seer"));
}

TEST_F(Verdict, AnOutputCapIsToldUnlessItIsKnown) {
    checkup().max_output = 8192;
    EXPECT_EQ(checks(), "output-cap");
    config_.providers[0].traits.max_output = 8192;
    EXPECT_EQ(checks(), "answers");
    config_.providers[0].traits.max_output = 16'384;
    EXPECT_THAT(findings_of(results_, config_)[0].what, HasSubstr("8192 tokens, not 16384"));
}

TEST_F(Verdict, ACapThatNobodyNamedIsToldAndNotKept) {
    checkup().refused_output = 32'000;
    checkup().takes_output = 16'384;
    EXPECT_EQ(checks(), "output-partly-refused");
    EXPECT_THAT(findings_of(results_, config_)[0].what, HasSubstr("32000 and took 16384"));
    EXPECT_FALSE(card_of(checkup(), config_.providers[0], 7).max_output);
}

TEST_F(Verdict, WhatCouldNotBeAskedIsToldOnce) {
    checkup().tools = {};
    checkup().trouble = "overloaded";
    EXPECT_EQ(checks(), "unclear");
    EXPECT_THAT(findings_of(results_, config_)[0].remedy, HasSubstr("`ccr doctor p,m`"));
}

TEST_F(Verdict, CausesAreToldApart) {
    EXPECT_EQ(cause(502, "Cannot connect to h:1: refused."), "unreachable!");
    EXPECT_EQ(cause(502, "TLS: the certificate shown for h"), "tls!");
    EXPECT_EQ(cause(401, "Incorrect"), "key-refused!");
    EXPECT_EQ(cause(404, "unknown"), "unknown-model!");
    EXPECT_EQ(cause(402, "pay"), "no-credit!");
    EXPECT_EQ(cause(429, "slow down"), "rate-limited");
    EXPECT_EQ(cause(529, "too much"), "overloaded");
    EXPECT_EQ(cause(503, "too much"), "overloaded");
    EXPECT_EQ(cause(400, "no"), "refused!");
    EXPECT_EQ(cause(400, "Cannot connect to the tool"), "refused!");
    EXPECT_EQ(cause(413, "no"), "refused!");
    EXPECT_EQ(cause(500, "oops"), "no-answer!");
    EXPECT_THAT(findings_of(results_, config_)[0].remedy, HasSubstr("later it may answer"));
    EXPECT_EQ(cause(502, "The answer broke off"), "no-answer!");
    checkup().is_asked = false;
    EXPECT_EQ(checks(), "");
}

TEST_F(Verdict, ACardKeepsWhatWasFoundAtThatAddress) {
    checkup().images.works = false;
    checkup().thinking.works.reset();
    const store::Card card = card_of(checkup(), config_.providers[0], 7);
    EXPECT_EQ(card.images, false);
    EXPECT_EQ(card.tools, true);
    EXPECT_FALSE(card.thinking);
    EXPECT_EQ(card.takes_output, 32'000);
    EXPECT_EQ(card.checked_at, 7);
    EXPECT_EQ(card.endpoint, store::endpoint_digest(config_.providers[0]));
    checkup().images.is_by_config = true;
    EXPECT_FALSE(card_of(checkup(), config_.providers[0], 7).images);
}

TEST(Questions, AreRequestsInAnthropicsWords) {
    for (const std::string& body :
         {plain_question("p,\"m\"", Streamed::no), tools_question("p,\"m\"", Streamed::yes),
          image_question("p,\"m\"", Streamed::yes),
          thinking_question("p,\"m\"", Streamed::yes, true),
          thinking_question("p,\"m\"", Streamed::yes, false)}) {
        json::Document document;
        const auto root = document.parse(body);
        ASSERT_TRUE(root) << body;
        EXPECT_EQ((*root)["model"].text().decode(), "p,\"m\"");
        EXPECT_TRUE((*root)["messages"].is_array());
    }
}

TEST(Questions, AnswersAreJudgedByWhatWasAsked) {
    Reply reply;
    reply.status = 200;
    reply.calls = {{"look_up_weather", R"({"city":"Paris"})"},
                   {"look_up_weather", R"({"town":"Rome"})"},
                   {"look_up_weather", "{broken"},
                   {"another", R"({"city":"Rome"})"}};
    EXPECT_EQ(calls_of(reply), 1u);
    reply.text = "It is ORANGE.";
    EXPECT_EQ(saw_image(reply, "m"), true);
    reply.text = "red";  // a guess, or bad eyes
    EXPECT_EQ(saw_image(reply, "m"), std::nullopt);
    for (const int status : {400, 404, 415}) {
        reply.status = status;
        for (const char* const message : {"No endpoints found that support image input",
                                          "the model lacks Vision", "m-vision is not multimodal"}) {
            reply.message = message;
            EXPECT_EQ(saw_image(reply, "m-vision"), false) << message;
        }
        for (const char* const message :
             {"Your credit balance is too low", "m-Vision is unavailable here", ""}) {
            reply.message = message;
            EXPECT_EQ(saw_image(reply, "m-vision"), std::nullopt) << message;
        }
    }
    reply.message = "too many images a minute";
    for (const int status : {429, 529}) {
        reply.status = status;
        EXPECT_EQ(saw_image(reply, "m"), std::nullopt);
    }
}

}  // namespace
}  // namespace ccr::doctor
