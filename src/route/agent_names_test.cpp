#include "route/agent_names.h"

#include <gtest/gtest.h>

namespace ccr::route {
namespace {

TEST(AgentNames, AreThoseOfTheAgentsOwnFamilies) {
    for (const char* name :
         {"claude-opus-5-5", "Claude-Next", "gpt-5.2-codex", "codex-mini-latest", "o1", "o3-mini",
          "o4-mini-high", "o10", "gemini-3-pro", "models/gemini-2.5-flash-lite", "GPT-9"}) {
        EXPECT_TRUE(is_agent_name(name)) << name;
    }
}

TEST(AgentNames, OthersAreNot) {
    for (const char* name : {"", "o", "o-3", "o3x", "opus", "olmo-2", "gpt", "gemini",
                             "deepseek-r1", "models/", "models/deepseek", "my-gpt-5", "o3,mini"}) {
        EXPECT_FALSE(is_agent_name(name)) << name;
    }
}

TEST(AgentNames, SmallOnesAreForErrands) {
    for (const char* name : {"claude-haiku-5-5", "gpt-5-mini", "gpt-5-nano", "o4-mini",
                             "models/gemini-3.5-flash-lite", "codex-mini-latest"}) {
        EXPECT_TRUE(is_small_name(name)) << name;
    }
    for (const char* name : {"claude-opus-5-5", "gpt-5", "gemini-3-flash", "my-haiku", "o3", ""})
        EXPECT_FALSE(is_small_name(name)) << name;
}

TEST(AgentNames, SlotsAreClaudes) {
    EXPECT_TRUE(is_of_slot("claude-opus-5-5", "opus"));
    EXPECT_TRUE(is_of_slot("Opus", "opus"));
    EXPECT_FALSE(is_of_slot("claude-sonnet-5", "opus"));
    EXPECT_FALSE(is_of_slot("octopus", "opus"));
}

TEST(AgentNames, UserAgentsTellTheAgent) {
    EXPECT_EQ(agent_of("claude-cli/2.1.330 (external, cli)"), "claude-code");
    EXPECT_EQ(agent_of("codex_exec/0.169.0 (Debian)"), "codex");
    EXPECT_EQ(agent_of("GeminiCLI-tui/0.61.0/gemini-3-pro (linux)"), "gemini-cli");
    EXPECT_EQ(agent_of("opencode/1.18.33 ai-sdk"), "opencode");
    EXPECT_EQ(agent_of("curl/8"), "");
}

TEST(AgentNames, TheModelsPrefixComesOffOnce) {
    EXPECT_EQ(without_models_prefix("models/gemini-3-pro"), "gemini-3-pro");
    EXPECT_EQ(without_models_prefix("gemini-3-pro"), "gemini-3-pro");
    EXPECT_EQ(without_models_prefix("my/models/x"), "my/models/x");
}

}  // namespace
}  // namespace ccr::route
