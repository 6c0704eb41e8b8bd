// A conversation and the answer asked for stay within the window, on every wire.
#include "gateway/window_fit.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/codec.h"

namespace ccr::gateway {
namespace {

using Json = nlohmann::json;

// A question of about `words` tokens; what comes of its request is in `losses` and the return.
class WindowFitTest : public testing::Test {
  protected:
    Json fitted(Protocol protocol, int words, const Json& asked, std::int64_t window = 10'000) {
        std::string text;
        for (int i = 0; i < words; ++i) text += "word ";
        const std::string request = Json{{"model", "m"},
                                         {"max_tokens", 1},
                                         {"messages", {{{"role", "user"}, {"content", text}}}}}
                                        .dump();
        json::Document document;
        const auto root = document.parse(request);
        const auto conversation =
            wire::codec_of(Protocol::anthropic)->decode_request(*root, {"", false});
        config::Provider provider;
        if (window > 0) provider.traits.context_window = window;
        losses_.clear();
        return Json::parse(fit_window({&provider, "m"}, protocol, *conversation,
                                      json::SplicedText(asked.dump()), losses_)
                               .take());
    }
    chat::Losses losses_;
};

TEST_F(WindowFitTest, LowersWhatDoesNotFitOnEveryWire) {
    const std::vector<std::pair<Protocol, Json>> asked = {
        {Protocol::anthropic, {{"max_tokens", 8000}}},
        {Protocol::openai_chat, {{"max_tokens", 8000}}},
        {Protocol::openai_chat, {{"max_completion_tokens", 8000}}},
        {Protocol::openai_responses, {{"max_output_tokens", 8000}}},
        {Protocol::gemini, {{"generationConfig", {{"maxOutputTokens", 8000}}}}}};
    for (const auto& [protocol, body] : asked) {
        const std::string got = fitted(protocol, 5000, body).dump();
        const std::string value = got.substr(got.rfind(':') + 1);
        EXPECT_GT(std::stoi(value), 4000) << got;
        EXPECT_LT(std::stoi(value), 5000) << got;
        ASSERT_EQ(losses_.size(), 1u);
        EXPECT_NE(losses_[0].what.find("8000 becomes "), std::string::npos) << losses_[0].what;
        EXPECT_NE(losses_[0].why.find("window of 10000"), std::string::npos) << losses_[0].why;
    }
}

TEST_F(WindowFitTest, LeavesAloneWhatFitsWhatIsNotKnownAndWhatHadBetterBeRefused) {
    const Json asked = {{"max_tokens", 8000}};
    EXPECT_EQ(fitted(Protocol::anthropic, 1000, asked), asked);
    EXPECT_EQ(fitted(Protocol::anthropic, 5000, asked, 0), asked);
    EXPECT_EQ(fitted(Protocol::anthropic, 9500, asked), asked);
    EXPECT_EQ(fitted(Protocol::anthropic, 20'000, asked), asked);
    EXPECT_EQ(fitted(Protocol::anthropic, 5000, Json::object()), Json::object());
    EXPECT_TRUE(losses_.empty());
}

TEST_F(WindowFitTest, BudgetsOfOtherProtocolsToo) {
    const Json chat =
        fitted(Protocol::openai_chat, 5000, {{"max_tokens", 8000}, {"thinking_budget", 7000}});
    EXPECT_LT(chat["thinking_budget"], chat["max_tokens"]) << chat;
    const Json gemini =
        fitted(Protocol::gemini, 5000,
               {{"generationConfig",
                 {{"maxOutputTokens", 8000},
                  {"thinkingConfig", {{"thinkingBudget", 7000}}}}}})["generationConfig"];
    EXPECT_LT(gemini["thinkingConfig"]["thinkingBudget"], gemini["maxOutputTokens"]) << gemini;
    const Json dynamic =
        fitted(Protocol::gemini, 5000,
               {{"generationConfig",
                 {{"maxOutputTokens", 8000}, {"thinkingConfig", {{"thinkingBudget", -1}}}}}});
    EXPECT_EQ(dynamic["generationConfig"]["thinkingConfig"]["thinkingBudget"], -1);
}

TEST_F(WindowFitTest, AThinkingBudgetStaysBelowTheLimit) {
    const Json asked = {{"max_tokens", 8000}, {"thinking", {{"budget_tokens", 7000}}}};
    const Json got = fitted(Protocol::anthropic, 5000, asked);
    EXPECT_LE(got["thinking"]["budget_tokens"].get<int>() + 1024, got["max_tokens"].get<int>());
    EXPECT_GE(got["thinking"]["budget_tokens"], 1024);
    EXPECT_EQ(fitted(Protocol::anthropic, 8200, asked), asked);
}

}  // namespace
}  // namespace ccr::gateway
