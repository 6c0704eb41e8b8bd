// Every preset: it loads, routes and sends only what it accepts; and the document made of them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "adapt/adapt_fixture.h"
#include "adapt/providers_document.h"
#include "config/loader.h"
#include "wire/codec.h"

namespace ccr::adapt {
namespace {

namespace fs = std::filesystem;
using config::Preset;
using fixture::Request;
using fixture::sent;
using Json = nlohmann::json;

std::string read(const fs::path& path) {
    std::stringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

std::vector<std::pair<std::string, std::string>> recorded() {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& entry :
         fs::directory_iterator(fs::path(CCR_SOURCE_DIR) / "tests/fixtures/claude-code")) {
        const Json record = Json::parse(read(entry.path()));
        const Json& body = record["body"];
        if (body.is_object() && body.contains("messages"))
            out.emplace_back(entry.path().stem().string(), body.dump());
    }
    return out;
}

// What a platform needs beside its name.
std::string settings_of(const Preset& preset) {
    if (preset.name == "azure")
        return ", api_base_url: 'https://r.openai.azure.com', azure: {deployment: 'd'}";
    if (preset.name == "bedrock") return ", aws: {region: 'us-east-1'}";
    if (preset.name == "vertex") return ", vertex: {project: 'p', location: 'us-east5'}";
    return "";
}

config::Config configured(const Preset& preset, std::string_view more = "") {
    const auto nothing = [](std::string_view) -> std::optional<std::string> { return {}; };
    const std::string text = fmt::format(
        "{{Providers: [{{name: 'p', preset: '{}', api_key: 'k', models: ['m']{}{}}}], Router: "
        "{{default: 'p,m'}}}}",
        preset.name, settings_of(preset), more);
    auto config = config::parse_config(text, "test.json", nothing);
    EXPECT_TRUE(config) << text;
    return config ? *std::move(config) : config::Config{};
}

std::vector<std::string> models_of(const Preset& preset) {
    std::vector<std::string> out = {"m"};
    for (config::ModelTraits entry : preset.models) {
        if (entry.model.ends_with('*')) entry.model.back() = 'x';
        out.push_back(entry.model);
    }
    return out;
}

TEST(Presets, AreNamedSourcedAndFoundByNameAndHost) {
    std::set<std::string> names;
    for (const Preset& preset : config::presets()) {
        EXPECT_TRUE(names.insert(preset.name).second) << preset.name;
        EXPECT_FALSE(preset.sources.empty()) << preset.name;
        EXPECT_FALSE(preset.wires.empty()) << preset.name;
        EXPECT_EQ(config::find_preset(preset.name), &preset);
        for (const config::PresetWire& wire : preset.wires) {
            if (wire.url.empty() || preset.hosts.empty()) continue;
            const Preset* found = config::preset_of_url(wire.url);
            ASSERT_NE(found, nullptr) << wire.url;
            // A plan may share its Messages address with the provider's own.
            EXPECT_TRUE(found == &preset || preset.name == "zai-coding") << wire.url;
            EXPECT_EQ(config::protocol_of_url(wire.url), wire.speaks) << wire.url;
        }
    }
    EXPECT_GE(names.size(), 27u);
}

TEST(Presets, EachLoadsByNameAloneWithoutFindings) {
    for (const Preset& preset : config::presets()) {
        const config::Config config = configured(preset);
        for (const config::Finding& finding : config.findings)
            ADD_FAILURE() << preset.name << ": " << to_string(finding);
        ASSERT_EQ(config.providers.size(), 1u) << preset.name;
        EXPECT_EQ(config.providers[0].preset, &preset);
    }
}

// What of a Chat request's root its preset and traits rule out.
void check_chat(const Preset& preset, const config::Traits& traits, const std::string& body,
                const std::string& where) {
    json::Document document;
    const auto parsed = document.parse(body);
    ASSERT_TRUE(parsed) << where;
    const json::View got = *parsed;
    for (const std::string& refused : preset.refused)
        EXPECT_FALSE(got[refused]) << where << refused;
    for (const json::View::Member member : got.members()) {
        const std::string name = member.key().decode();
        EXPECT_TRUE(preset.accepted.empty() ||
                    std::ranges::find(preset.accepted, name) != preset.accepted.end())
            << where << name;
    }
    if (traits.max_tokens_field == "max_completion_tokens") {
        EXPECT_FALSE(got["max_tokens"]) << where;
    }
    if (traits.max_output && got["max_tokens"]) {
        EXPECT_LE(got["max_tokens"].integer(), *traits.max_output) << where;
    }
    const std::string effort = got["reasoning_effort"].text().decode();
    if (traits.thinking && *traits.thinking != config::ThinkingStyle::effort && !traits.efforts) {
        EXPECT_EQ(effort, "") << where;
    }
    if (traits.efforts && !effort.empty()) {
        EXPECT_NE(std::ranges::find(*traits.efforts, effort), traits.efforts->end()) << where;
    }
    if (traits.vision == false) {
        EXPECT_EQ(body.find("image_url"), std::string::npos) << where;
    }
}

TEST(Presets, EveryRecordedRequestBecomesOnlyWhatThePresetAccepts) {
    std::vector<std::pair<std::string, std::unique_ptr<Request>>> requests;
    for (const auto& [name, body] : recorded())
        requests.emplace_back(name, std::make_unique<Request>(body));
    ASSERT_GE(requests.size(), 20u);
    for (const Preset& preset : config::presets()) {
        for (const config::PresetWire& wire : preset.wires) {
            if (wire.speaks != Protocol::openai_chat || wire.url.empty()) continue;
            config::Provider provider = configured(preset).providers.at(0);
            provider.base_url = wire.url;
            provider.speaks = wire.speaks;
            for (const auto& [name, request] : requests) {
                for (const std::string& model : models_of(preset))
                    check_chat(preset, traits_of(provider, model), sent(provider, *request, model),
                               preset.name + " " + model + " " + name + " ");
            }
        }
    }
}

TEST(Presets, AStrangersMessagesEndpointGetsTheClientsBytes) {
    const auto stranger = fixture::provider(
        "{name: 'p', api_base_url: 'https://llm.example.org/v1/messages', api_key: 'k', models: "
        "['m']}");
    for (const auto& [name, body] : recorded()) {
        const Request request(body);
        const auto model = request.root["model"];
        std::string expected = body;
        expected.replace(model.begin(), model.end() - model.begin(), "\"m\"");
        EXPECT_EQ(sent(stranger, request), expected) << name;
    }
}

// What a dialect's document excludes is mended by splice, for any provider that says so.
TEST(Presets, AForeignMessagesEndpointIsMendedBySplice) {
    config::MessagesDialect dialect;
    dialect.system_turns = dialect.adaptive_thinking = dialect.tool_reference = false;
    dialect.betas = dialect.attribution = false;
    const std::string body =
        R"({"system":[{"type":"text","text":"x-anthropic-billing-header: v=1"},{"type":"text","text":"s"}],)"
        R"("thinking":{"type":"adaptive"},"context_management":{},"messages":[{"role":"user","content":"q"},)"
        R"({"role":"system","content":"now"},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t",)"
        R"("content":[{"type":"tool_reference","tool_name":"Read"}]}]}]})";
    const config::Preset preset = [&] {
        config::Preset p;
        p.messages = dialect;
        return p;
    }();
    auto provider = fixture::provider(
        "{name: 'p', api_base_url: 'https://llm.example.org/v1/messages', api_key: 'k', models: "
        "['m']}");
    provider.preset = &preset;
    Plan plan(provider, "m",
              Request(R"({"model":"m","max_tokens":1,"messages":[{"role":"user","content":"q"}]})")
                  .conversation,
              true);
    const Json got = Json::parse(plan.patched(body));
    EXPECT_EQ(got["system"].size(), 1u);
    EXPECT_EQ(got["thinking"]["type"], "enabled");
    EXPECT_FALSE(got.contains("context_management"));
    EXPECT_EQ(got["messages"][1]["role"], "user");
    EXPECT_EQ(got["messages"][2]["content"][0]["content"][0]["type"], "text");
}

TEST(Presets, TheConfigurationHasTheLastWord) {
    const Preset& deepseek = *config::find_preset("deepseek");
    const config::Config config = configured(
        deepseek,
        ", traits: {max_output: 100, thinking: 'enable_thinking', models: {m: {max_output: 50}}},"
        " patch: [{set: '/seed', value: 1, models: ['m']}, {delete: '/enable_thinking', model: "
        "'n'}]");
    const Request request(
        R"({"model":"x","max_tokens":999,"thinking":{"type":"adaptive"},"messages":[{"role":"user","content":"q"}]})");
    const Json m = Json::parse(sent(config.providers.at(0), request, "m"));
    EXPECT_EQ(m["max_tokens"], 50);
    EXPECT_EQ(m["seed"], 1);
    EXPECT_EQ(m["enable_thinking"], true);
    const Json n = Json::parse(sent(config.providers.at(0), request, "n"));
    EXPECT_EQ(n["max_tokens"], 100);
    EXPECT_FALSE(n.contains("seed"));
    EXPECT_FALSE(n.contains("enable_thinking"));
}

// CCR_UPDATE_GOLDEN=1 writes it anew.
TEST(Presets, TheDocumentIsWhatThePresetsSay) {
    const fs::path path = fs::path(CCR_SOURCE_DIR) / "docs/providers.md";
    if (std::getenv("CCR_UPDATE_GOLDEN")) std::ofstream(path) << providers_document();
    EXPECT_EQ(read(path), providers_document()) << "run adapt_test with CCR_UPDATE_GOLDEN=1";
}

}  // namespace
}  // namespace ccr::adapt
