#include "config/well_known_keys.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using testing::HasSubstr;
using testing::Not;

const fixture::Variables kAll{
    {"OPENROUTER_API_KEY", "secret-1"}, {"DEEPSEEK_API_KEY", "secret-2"},
    {"GEMINI_API_KEY", "secret-3"},     {"OPENAI_API_KEY", "secret-4"},
    {"ANTHROPIC_API_KEY", "secret-5"},  {"GROQ_API_KEY", "secret-6"},
    {"MISTRAL_API_KEY", "secret-7"},    {"XAI_API_KEY", "secret-8"},
    {"MOONSHOT_API_KEY", "secret-9"},   {"DASHSCOPE_API_KEY", "secret-10"},
    {"ZAI_API_KEY", "secret-11"},       {"SILICONFLOW_API_KEY", "secret-12"},
    {"CEREBRAS_API_KEY", "secret-13"},  {"TOGETHER_API_KEY", "secret-14"},
    {"FIREWORKS_API_KEY", "secret-15"}};

TEST(SetupHints, OnlyForKeysThatAreSet) {
    EXPECT_TRUE(setup_hints(fixture::environment()).empty());
    EXPECT_TRUE(setup_hints(fixture::environment({{"OPENAI_API_KEY", ""}})).empty());
    const auto hints = setup_hints(fixture::environment({{"DEEPSEEK_API_KEY", "x"}}));
    ASSERT_EQ(hints.size(), 1u);
    EXPECT_EQ(hints[0].variable, "DEEPSEEK_API_KEY");
    EXPECT_EQ(hints[0].provider, "deepseek");
    EXPECT_EQ(setup_hints(fixture::environment(kAll)).size(), kAll.size());
}

TEST(SetupHints, TwoNamesOfOneKeyAreOneHint) {
    const auto hints =
        setup_hints(fixture::environment({{"GEMINI_API_KEY", "x"}, {"GOOGLE_API_KEY", "x"}}));
    ASSERT_EQ(hints.size(), 1u);
    EXPECT_EQ(hints[0].variable, "GEMINI_API_KEY");
}

void expect_works(const std::vector<SetupHint>& hints) {
    const Config config = fixture::parsed(starter_config(hints), kAll);
    EXPECT_TRUE(config.findings.empty()) << to_string(config.findings.front());
    EXPECT_EQ(config.providers.size(), hints.size());
    ASSERT_TRUE(config.routing.fallback_default);
    EXPECT_EQ(
        config.routing.fallback_default->provider + "," + config.routing.fallback_default->model,
        hints.front().router_default);
}

TEST(SetupHints, EntriesWorkAsTheyArePasted) {
    const auto hints = setup_hints(fixture::environment(kAll));
    for (const SetupHint& hint : hints) {
        SCOPED_TRACE(hint.provider);
        expect_works({hint});
        EXPECT_THAT(hint.entry, HasSubstr(fmt::format("\"${}\"", hint.variable)));
        EXPECT_THAT(hint.entry, Not(HasSubstr("secret-")));
    }
    expect_works(hints);
    expect_works({ollama_hint()});
}

TEST(SetupHints, AnthropicSpeaksItsOwnWire) {
    const auto hints = setup_hints(fixture::environment({{"ANTHROPIC_API_KEY", "k"}}));
    EXPECT_EQ(fixture::parsed(starter_config(hints), kAll).providers.at(0).speaks,
              Protocol::anthropic);
}

}  // namespace
}  // namespace ccr::config
