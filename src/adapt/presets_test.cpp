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
#include "adapt/preset_fixture.h"
#include "adapt/providers_document.h"
#include "config/loader.h"
#include "wire/codec.h"

namespace ccr::adapt {
namespace {

namespace fs = std::filesystem;
using config::Preset;
using fixture::configured;
using fixture::recorded;
using fixture::Request;
using fixture::sent;
using Json = nlohmann::json;

std::string read(const fs::path& path) {
    std::stringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
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
