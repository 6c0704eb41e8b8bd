// Configurations as users have them: read without a finding, and every target in them is reached.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "config/loader.h"
#include "config/transformer_names.h"
#include "route/route.h"

namespace ccr::route {
namespace {

using testing::IsEmpty;

config::Config loaded(std::string_view text) {
    static const std::map<std::string, std::string, std::less<>> variables{
        {"CCR_EXAMPLE_KEY", "house-key"}, {"OPENROUTER_EXAMPLE_KEY", "sk-or-example"}};
    auto config = config::parse_config(
        text, "example.json5", [](std::string_view name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional(found->second);
        });
    if (!config) ADD_FAILURE() << config.error().message << "\n" << text;
    return config ? std::move(*config) : config::Config();
}

config::Config example(const std::string& name) {
    std::ifstream file(fmt::format("{}/tests/fixtures/configs/{}", CCR_SOURCE_DIR, name));
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_FALSE(text.str().empty()) << name;
    return loaded(text.str());
}

std::vector<std::string> findings_of(const config::Config& config) {
    std::vector<std::string> out;
    for (const config::Finding& finding : config.findings) out.push_back(to_string(finding));
    return out;
}

std::string first_target(Facts facts, const config::Config& config) {
    const auto decision = route(facts, config);
    if (!decision) return decision.error().message;
    const Attempt& first = decision->attempts.at(0);
    return fmt::format("{},{}", first.provider->name, first.model);
}

void expect_every_model_is_reached(const config::Config& config) {
    for (const config::Provider& provider : config.providers) {
        EXPECT_FALSE(provider.broken) << provider.name;
        for (const std::string& model : provider.models) {
            Facts facts;
            facts.asked_model = fmt::format("{},{}", provider.name, model);
            EXPECT_EQ(first_target(facts, config), facts.asked_model);
        }
    }
}

TEST(ConfigExamples, EveryKeyOfAnExistingFileIsUnderstood) {
    const config::Config config = example("every-key.json5");
    EXPECT_THAT(findings_of(config), IsEmpty());
    ASSERT_EQ(config.providers.size(), 5u);
    expect_every_model_is_reached(config);
    Facts facts;
    facts.asked_model = "claude-sonnet-4-5";
    EXPECT_EQ(first_target(facts, config), "deepseek,deepseek-chat");
    facts.web_search = true;
    EXPECT_EQ(first_target(facts, config), "gemini,gemini-2.5-flash");
    facts.web_search = false;
    facts.asked_model = "claude-haiku-4-5";
    EXPECT_EQ(first_target(facts, config), "ollama,qwen2.5-coder:latest");
    facts.asked_model = "claude-sonnet-4-5";
    facts.input_tokens = 70'000;
    EXPECT_EQ(first_target(facts, config), "openrouter,google/gemini-2.5-pro");
    EXPECT_EQ(route(facts, config)->attempts.size(), 1u);
    facts.input_tokens = 10;
    EXPECT_EQ(route(facts, config)->attempts.size(), 3u);
}

TEST(ConfigExamples, OtherSpellingsAreUnderstood) {
    const config::Config config = example("other-spellings.json5");
    EXPECT_THAT(findings_of(config), IsEmpty());
    ASSERT_EQ(config.providers.size(), 1u);
    EXPECT_EQ(config.providers[0].speaks, Protocol::openai_responses);
    expect_every_model_is_reached(config);
}

TEST(ConfigExamples, TheFileOfAFirstRunIsTheDemo) {
    EXPECT_TRUE(example("first-run.json5").demo);
}

// What a preset needs besides a key and models.
std::string more_for(const config::Preset& preset) {
    if (preset.name == "vertex") return "vertex: {project: 'p', location: 'us-east5'}";
    if (preset.name == "bedrock") return "aws: {region: 'us-east-1'}";
    if (preset.name == "azure") return "api_base_url: 'https://one.openai.azure.com', azure: {}";
    return "";
}

TEST(ConfigExamples, EveryPresetIsAProviderInOneLine) {
    ASSERT_GE(config::presets().size(), 20u);
    for (const config::Preset& preset : config::presets()) {
        SCOPED_TRACE(preset.name);
        const config::Config config = loaded(fmt::format(
            "{{Providers: [{{name: 'mine', preset: '{}', api_key: 'k', models: ['m-1'], {}}}], "
            "Router: {{default: 'mine,m-1'}}}}",
            preset.name, more_for(preset)));
        EXPECT_THAT(findings_of(config), IsEmpty());
        ASSERT_EQ(config.providers.size(), 1u);
        EXPECT_EQ(config.providers[0].preset, &preset);
        expect_every_model_is_reached(config);
    }
}

TEST(ConfigExamples, EveryPresetIsRecognisedByItsUrl) {
    int seen = 0;
    for (const config::Preset& preset : config::presets()) {
        for (const config::PresetWire& wire : preset.wires) {
            if (wire.url.empty() || preset.hosts.empty()) continue;
            SCOPED_TRACE(wire.url);
            const config::Config config = loaded(fmt::format(
                "{{Providers: [{{name: 'mine', api_base_url: '{}', api_key: 'k', models: "
                "['m-1']}}], Router: {{default: 'mine,m-1'}}}}",
                wire.url));
            EXPECT_THAT(findings_of(config), IsEmpty());
            ASSERT_EQ(config.providers.size(), 1u);
            // Two plans of one provider may share a URL.
            const config::Preset* found = config.providers[0].preset;
            ASSERT_NE(found, nullptr);
            EXPECT_THAT(found->wires,
                        testing::Contains(testing::Field(&config::PresetWire::url, wire.url)));
            EXPECT_EQ(config.providers[0].speaks, wire.speaks);
            ++seen;
        }
    }
    EXPECT_GE(seen, 25);
}

TEST(ConfigExamples, EveryTransformerNameIsKnown) {
    ASSERT_EQ(config::transformer_names().size(), 21u);
    for (const config::TransformerName& transformer : config::transformer_names()) {
        SCOPED_TRACE(transformer.name);
        const config::Config config = loaded(fmt::format(
            "{{Providers: [{{name: 'mine', api_base_url: "
            "'https://relay.example/v1/chat/completions', "
            "api_key: 'k', models: ['m-1'], vertex: {{project: 'p', location: 'us-east5'}}, "
            "transformer: {{use: ['{}'], 'm-1': {{use: []}}}}}}], Router: {{default: "
            "'mine,m-1'}}}}",
            transformer.name));
        for (const std::string& finding : findings_of(config)) {
            EXPECT_EQ(finding.find(transformer.name), std::string::npos) << finding;
        }
        ASSERT_EQ(config.providers.size(), 1u);
    }
}

}  // namespace
}  // namespace ccr::route
