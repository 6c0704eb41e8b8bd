#include "gateway/mending.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/ids.h"
#include "gateway/memory.h"

namespace ccr::gateway {
namespace {

constexpr std::string_view kBody = R"({"model":"m","max_tokens":9000,"temperature":0.5,"top_p":1})";
constexpr std::string_view kNoTemperature = R"({"model":"m","max_tokens":9000,"top_p":1})";

Refusal refusal(std::string_view words, int status = 400) {
    return {status, R"({"error":{"message":")" + std::string(words) + R"("}})"};
}
const Refusal kRefusesTemperature = refusal("Unsupported parameter: 'temperature'");
const Refusal kRefusesTopP = refusal("Unsupported parameter: 'top_p'");
const Refusal kUnclear = refusal("Something is wrong with this request");
const Error kInvalid = make_error(ErrorKind::invalid_request, "refused");

class MendingTest : public testing::Test {
  protected:
    MendingTest() {
        provider_.name = "p";
        provider_.base_url = "https://p.test/v1/chat/completions";
    }
    ~MendingTest() override { std::filesystem::remove_all(directory_); }

    Mending attempt() { return Mending(memory_.lessons, provider_, model_, Protocol::openai_chat); }
    std::optional<std::string> mended(Mending& mending, const Refusal& refusal,
                                      std::string_view sent) {
        return mending.mended(refusal, kInvalid, std::string(sent), losses_);
    }
    std::string prepared(Mending& mending) {
        losses_.clear();
        return mending.prepared(json::SplicedText(std::string(kBody)), losses_).take();
    }
    void learn_temperature() {
        Mending first = attempt();
        ASSERT_EQ(mended(first, kRefusesTemperature, kBody), kNoTemperature);
        first.accepted();
    }

    std::string directory_ =
        (std::filesystem::temp_directory_path() / ("ccr-mend-" + random_hex(6))).string();
    config::Provider provider_;
    const std::string model_ = "m";
    Memory memory_;
    chat::Losses losses_;
};

TEST_F(MendingTest, ARefusalIsMendedAndTheLessonAppliedFromThenOn) {
    learn_temperature();
    EXPECT_EQ(losses_.size(), 1u);
    Mending second = attempt();
    EXPECT_EQ(prepared(second), kNoTemperature);
    ASSERT_EQ(losses_.size(), 1u);
    EXPECT_EQ(losses_[0].what, "temperature is left out");
    EXPECT_EQ(losses_[0].why, "p refused it 0 minutes ago, lesson 1");
}

TEST_F(MendingTest, OnlyWhatWasAcceptedIsKept) {
    Mending first = attempt();
    ASSERT_TRUE(mended(first, kRefusesTemperature, kBody));
    EXPECT_TRUE(memory_.lessons.list().empty());
    EXPECT_EQ(mended(first, kUnclear, kNoTemperature), std::nullopt);
    EXPECT_TRUE(memory_.lessons.list().empty());
}

TEST_F(MendingTest, FieldsRefusedOneAfterTheOtherAreAllLearned) {
    Mending first = attempt();
    const auto once = mended(first, kRefusesTemperature, kBody);
    const auto twice = mended(first, kRefusesTopP, *once);
    EXPECT_EQ(twice, R"({"model":"m","max_tokens":9000})");
    first.accepted();
    EXPECT_EQ(memory_.lessons.list().size(), 2u);
}

TEST_F(MendingTest, AProviderThatRefusesForEverIsGivenUp) {
    Mending first = attempt();
    EXPECT_TRUE(mended(first, kRefusesTemperature, kBody));
    // The field is gone and still refused.
    EXPECT_FALSE(mended(first, kRefusesTemperature, kNoTemperature));
}

TEST_F(MendingTest, ALessonThatMakesARequestFailIsDropped) {
    learn_temperature();
    Mending second = attempt();
    const std::string body = prepared(second);
    EXPECT_EQ(mended(second, kUnclear, body), kBody);
    second.accepted();
    EXPECT_TRUE(memory_.lessons.list().empty());
}

TEST_F(MendingTest, ALessonIsKeptWhenTheRequestFailsWithoutItToo) {
    learn_temperature();
    Mending second = attempt();
    const std::string body = prepared(second);
    EXPECT_EQ(mended(second, kUnclear, body), kBody);
    EXPECT_EQ(mended(second, kUnclear, kBody), std::nullopt);
    EXPECT_EQ(memory_.lessons.list().size(), 1u);
}

TEST_F(MendingTest, AContraryLessonGivesWay) {
    Mending first = attempt();
    ASSERT_TRUE(mended(first,
                       refusal("Unsupported parameter: 'max_tokens' is not supported with this "
                               "model. Use 'max_completion_tokens' instead."),
                       kBody));
    first.accepted();
    Mending second = attempt();
    const std::string body = prepared(second);
    ASSERT_NE(body.find("max_completion_tokens"), std::string::npos);
    EXPECT_EQ(mended(second, refusal("Unknown parameter: 'max_completion_tokens'."), body), kBody);
    EXPECT_TRUE(losses_.empty());
    second.accepted();
    EXPECT_TRUE(memory_.lessons.list().empty());
}

TEST_F(MendingTest, AnOverflowTeachesNothing) {
    Mending first = attempt();
    const Error overflow = make_error(ErrorKind::context_overflow, "too long");
    EXPECT_FALSE(first.mended(kRefusesTemperature, overflow, std::string(kBody), losses_));
}

TEST_F(MendingTest, OtherModelsAndProvidersLearnForThemselves) {
    learn_temperature();
    Mending other(memory_.lessons, provider_, "other", Protocol::openai_chat);
    EXPECT_EQ(prepared(other), kBody);
    provider_.name = "q";
    Mending elsewhere = attempt();
    EXPECT_EQ(prepared(elsewhere), kBody);
    EXPECT_EQ(memory_.lessons.list().size(), 1u);
}

TEST_F(MendingTest, AChangedProviderIsAsked) {
    learn_temperature();
    provider_.base_url = "https://elsewhere.test/v1/chat/completions";
    Mending second = attempt();
    EXPECT_EQ(prepared(second), kBody);
    EXPECT_TRUE(memory_.lessons.list().empty());
}

TEST_F(MendingTest, WhatDoesNotConcernARequestIsNoLoss) {
    learn_temperature();
    Mending second = attempt();
    losses_.clear();
    EXPECT_EQ(second.prepared(json::SplicedText(R"({"top_p":1})"), losses_).take(),
              R"({"top_p":1})");
    EXPECT_TRUE(losses_.empty());
}

TEST_F(MendingTest, LessonsSurviveARestart) {
    const std::string file = directory_ + "/state.sqlite";
    const adapt::Lesson lesson{adapt::Mend::at_most, {"/max_tokens"}, {}, {}, 8192};
    {
        Memory memory(file);
        memory.lessons.keep(pupil_of(provider_, "m"), lesson);
        memory.lessons.keep(pupil_of(provider_, "n"), lesson);
        EXPECT_TRUE(memory.lessons.remove(2));
        EXPECT_FALSE(memory.lessons.remove(2));
    }
    Memory memory(file);
    ASSERT_TRUE(memory.state.wait_loaded(std::chrono::seconds(20)));
    const auto lessons = memory.lessons.list();
    ASSERT_EQ(lessons.size(), 1u);
    EXPECT_EQ(lessons[0].lesson, lesson);
    EXPECT_EQ(sentence_of(lessons[0]), "max_tokens is at most 8192");
    EXPECT_EQ(memory.lessons.of(provider_, "m").size(), 1u);
    memory.lessons.clear();
    memory.state.flush();
    EXPECT_TRUE(Memory(file).state.wait_loaded(std::chrono::seconds(20)));
    EXPECT_TRUE(memory.lessons.list().empty());
}

TEST_F(MendingTest, TheBookIsBounded) {
    const adapt::Lesson lesson{adapt::Mend::leave_out, {"/top_k"}, {}, {}, 0};
    for (int i = 0; i < 600; ++i)
        memory_.lessons.keep(pupil_of(provider_, "m" + std::to_string(i)), lesson);
    EXPECT_EQ(memory_.lessons.list().size(), 512u);
}

TEST(LessonAge, IsTold) {
    EXPECT_EQ(age_of(0, 60'000), "1 minute");
    EXPECT_EQ(age_of(0, 3 * 3'600'000), "3 hours");
    EXPECT_EQ(age_of(0, 72LL * 3'600'000), "3 days");
    EXPECT_EQ(age_of(10, 0), "0 minutes");
}

}  // namespace
}  // namespace ccr::gateway
