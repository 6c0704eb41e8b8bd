// What single providers' documents say of a Chat request, held by the requests that they get.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapt/adapt_fixture.h"
#include "adapt/preset_fixture.h"

namespace ccr::adapt {
namespace {

using fixture::configured;
using fixture::Request;
using fixture::sent;
using Json = nlohmann::json;

Json sent_to(std::string_view preset, std::string_view model, std::string_view members) {
    const Request request(
        R"({"model":"x","max_tokens":9,"messages":[{"role":"user","content":"q"}],)" +
        std::string(members) + "}");
    const config::Config config = configured(*config::find_preset(preset));
    return Json::parse(sent(config.providers.at(0), request, model));
}

constexpr std::string_view kThink = R"("thinking":{"type":"adaptive"})";
constexpr std::string_view kOff = R"("thinking":{"type":"disabled"})";

TEST(PresetFacts, GlmThinksByTheObjectAndFromFivePointTwoByTheEffort) {
    const Json older = sent_to("zai", "glm-4.6", kThink);
    EXPECT_EQ(older["thinking"]["type"], "enabled");
    EXPECT_FALSE(older.contains("reasoning_effort"));
    const Json newer = sent_to("zhipu", "glm-5.2", kThink);
    EXPECT_EQ(newer["thinking"]["type"], "enabled");
    EXPECT_EQ(newer["reasoning_effort"], "high");
    const Json newest = sent_to("zai-coding", "glm-5.3", kThink);
    EXPECT_EQ(newest["reasoning_effort"], "high");
    EXPECT_FALSE(newest.contains("thinking"));
    EXPECT_FALSE(sent_to("zai", "glm-5.3", kOff).contains("thinking"));
    EXPECT_EQ(sent_to("zai", "glm-5", kOff)["thinking"]["type"], "disabled");
}

TEST(PresetFacts, GlmStreamsToolCallsWhereItCan) {
    EXPECT_EQ(sent_to("zai", "glm-5", R"("stream":true)")["tool_stream"], true);
    EXPECT_EQ(sent_to("zai", "glm-4.7", R"("stream":true)")["tool_stream"], true);
    EXPECT_FALSE(sent_to("zai", "glm-4.6v", R"("stream":true)").contains("tool_stream"));
    EXPECT_FALSE(sent_to("zai", "glm-4.5", R"("stream":true)").contains("tool_stream"));
    EXPECT_FALSE(sent_to("zai", "glm-5", R"("stream":false)").contains("tool_stream"));
}

TEST(PresetFacts, MinimaxKnowsAdaptiveAndDisabled) {
    EXPECT_EQ(sent_to("minimax", "MiniMax-M3", kThink)["thinking"]["type"], "adaptive");
    EXPECT_EQ(sent_to("minimax", "MiniMax-M3", kOff)["thinking"]["type"], "disabled");
    const Json older = sent_to("minimax", "MiniMax-M2.7", R"("temperature":1.5)");
    EXPECT_FALSE(older.contains("thinking"));
    EXPECT_EQ(older["temperature"], 1);
    EXPECT_EQ(sent_to("minimax", "MiniMax-M2.7", R"("temperature":0)")["temperature"], 0.01);
    EXPECT_EQ(sent_to("minimax", "MiniMax-M3", R"("temperature":1.5)")["temperature"], 1.5);
    EXPECT_EQ(older["max_completion_tokens"], 9);
    EXPECT_EQ(older["reasoning_split"], true);
}

TEST(PresetFacts, MistralKnowsTwoEfforts) {
    EXPECT_EQ(sent_to("mistral", "mistral-medium-3-5", kThink)["reasoning_effort"], "high");
    EXPECT_EQ(sent_to("mistral", "mistral-small-latest", kOff)["reasoning_effort"], "none");
    EXPECT_FALSE(sent_to("mistral", "codestral-latest", kThink).contains("reasoning_effort"));
}

TEST(PresetFacts, KimiAlwaysThinksFromTwoPointSeven) {
    EXPECT_EQ(sent_to("moonshot", "kimi-k2.6", kOff)["thinking"]["type"], "disabled");
    EXPECT_FALSE(sent_to("moonshot", "kimi-k2.7-code", kOff).contains("thinking"));
    EXPECT_EQ(sent_to("moonshot", "kimi-k3", kThink)["reasoning_effort"], "high");
    EXPECT_FALSE(sent_to("moonshot", "moonshot-v1-8k", kThink).contains("thinking"));
}

TEST(PresetFacts, KimiTakesTheSessionAsItsCacheKey) {
    constexpr std::string_view kSession =
        R"("system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"tools":[{"name":"f","input_schema":{}}],"metadata":{"user_id":"user_1_account__session_abc"},"tool_choice":{"type":"auto","disable_parallel_tool_use":true})";
    for (const char* preset : {"moonshot", "kimi-coding"}) {
        const Json got = sent_to(preset, "kimi-k2.6", kSession);
        EXPECT_EQ(got["prompt_cache_key"], "abc");
        EXPECT_FALSE(got.contains("parallel_tool_calls"));
        EXPECT_FALSE(got.contains("user"));
    }
}

TEST(PresetFacts, SiliconFlowTakesTheSwitchForSomeModels) {
    constexpr std::string_view kBudget = R"("thinking":{"type":"enabled","budget_tokens":60000})";
    const Json got = sent_to("siliconflow", "zai-org/GLM-4.6", kBudget);
    EXPECT_EQ(got["enable_thinking"], true);
    EXPECT_EQ(got["thinking_budget"], 32768);
    EXPECT_FALSE(sent_to("siliconflow", "moonshotai/Kimi-K2", kThink).contains("enable_thinking"));
    EXPECT_EQ(sent_to("siliconflow", "deepseek-ai/DeepSeek-V4-Flash", kThink)["reasoning_effort"],
              "high");
}

TEST(PresetFacts, GrokRefusesStops) {
    EXPECT_FALSE(sent_to("xai", "grok-4.5", R"("stop_sequences":["a"])").contains("stop"));
    EXPECT_FALSE(sent_to("xai", "grok-4-0709", R"("stop_sequences":["a"])").contains("stop"));
    EXPECT_TRUE(sent_to("xai", "grok-3", R"("stop_sequences":["a"])").contains("stop"));
    for (const char* name :
         {"grok-4-fast-non-reasoning", "grok-4-1-fast-non-reasoning", "grok-4.20-non-reasoning"})
        EXPECT_TRUE(sent_to("xai", name, R"("stop_sequences":["a"])").contains("stop")) << name;
}

TEST(PresetFacts, StepFunTakesTheEffortOfItsNewerModels) {
    EXPECT_EQ(sent_to("stepfun", "step-3.7-flash", kThink)["reasoning_effort"], "high");
    EXPECT_FALSE(sent_to("stepfun", "step-3.5-flash", kThink).contains("reasoning_effort"));
}

TEST(PresetFacts, AzuresReasoningModelsTakeNoSampling) {
    constexpr std::string_view kSampled = R"("temperature":0.5,"top_p":0.9)";
    EXPECT_FALSE(sent_to("azure", "gpt-5.1", kSampled).contains("temperature"));
    EXPECT_FALSE(sent_to("azure", "o4-mini", kSampled).contains("top_p"));
    EXPECT_EQ(sent_to("azure", "gpt-4.1", kSampled)["temperature"], 0.5);
    EXPECT_EQ(sent_to("azure", "gpt-5.1", kOff)["reasoning_effort"], "none");
    EXPECT_FALSE(sent_to("azure", "gpt-5", kOff).contains("reasoning_effort"));
    for (const char* name : {"gpt-5", "gpt-5-2025-08-07", "gpt-5-mini", "gpt-5.1-chat"})
        EXPECT_FALSE(sent_to("azure", name, kSampled).contains("temperature")) << name;
}

TEST(PresetFacts, AzuresGpt5ChatDoesNotReason) {
    const Json got = sent_to("azure", "gpt-5-chat", std::string(kThink) + R"(,"temperature":0.5)");
    EXPECT_EQ(got["temperature"], 0.5);
    EXPECT_FALSE(got.contains("reasoning_effort"));
    EXPECT_FALSE(sent_to("azure", "gpt-5.3-chat", kThink).contains("reasoning_effort"));
}

TEST(PresetFacts, GitHubModelsCannotNameATool) {
    const Json got = sent_to(
        "github-models", "openai/gpt-4.1",
        R"("tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"tool","name":"f"})");
    EXPECT_EQ(got["tool_choice"], "required");
}

TEST(PresetFacts, AIHubMixTakesEffortsAndClaudesCacheMarks) {
    constexpr std::string_view kMarked =
        R"("system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}])";
    const Json claude = sent_to("aihubmix", "claude-opus-5", kMarked);
    EXPECT_EQ(claude["messages"][0]["content"][0]["cache_control"]["type"], "ephemeral");
    EXPECT_EQ(sent_to("aihubmix", "gpt-5", kMarked)["messages"][0]["content"], "s");
    EXPECT_EQ(sent_to("aihubmix", "glm-5", kOff)["reasoning_effort"], "none");
}

}  // namespace
}  // namespace ccr::adapt
