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

TEST(AgentNames, TheModelsPrefixComesOffOnce) {
    EXPECT_EQ(without_models_prefix("models/gemini-3-pro"), "gemini-3-pro");
    EXPECT_EQ(without_models_prefix("gemini-3-pro"), "gemini-3-pro");
    EXPECT_EQ(without_models_prefix("my/models/x"), "my/models/x");
}

}  // namespace
}  // namespace ccr::route
