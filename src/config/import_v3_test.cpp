#include "config/import_v3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"
#include "config/json5.h"

namespace ccr::config {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

Imported imported(const std::string& text) {
    const auto document = parse_json5(text, "v3.json");
    return import_version_3(Node::root_of(*document));
}

Config read(const Imported& imported) {
    auto config = parse_config(imported.text, "out.json",
                               [](std::string_view) { return std::optional<std::string>(); });
    return config ? *std::move(config) : Config{};
}

constexpr const char* kWhole = R"({
  "APIKEY": "", "APIKEYS": [{"id": "1", "key": "sk-door", "createdAt": ""}],
  "gateway": {"host": "127.0.0.1", "port": 4567, "corePort": 3457, "enabled": true},
  "API_TIMEOUT_MS": 1000,
  "Providers": [
    {"name": "Deep", "baseUrl": "https://api.deepseek.com", "type": "openai_chat_completions",
     "apiKey": "sk-1", "models": ["deepseek-chat", "deepseek-reasoner"],
     "modelMetadata": {"deepseek-chat": {"contextWindow": 64000}}, "extraBody": {"a": 1}},
    {"name": "Own", "api_base_url": "https://llm.example.org/v1", "type": "anthropic_messages",
     "models": ["m/1"], "credentials": [{"key": "sk-a", "weight": 2}, {"api_key": "sk-b"},
                                        {"key": "sk-off", "enabled": false}]}],
  "Router": {"builtInRules": {"claude-code": {"enabled": true}},
    "fallback": {"mode": "model-chain", "models": ["Own/m/1"], "retryCount": 1},
    "rules": [
      {"id": "r1", "name": "haiku", "enabled": true, "type": "model-prefix",
       "pattern": "claude-haiku", "target": "Deep/deepseek-chat"},
      {"id": "r2", "name": "team", "enabled": true, "type": "condition",
       "condition": {"left": "request.header.x-team", "operator": "==", "right": "blue"},
       "rewrites": [{"key": "request.body.model", "operation": "set", "value": "Own/m/1"}]},
      {"id": "r3", "name": "odd", "enabled": true, "type": "script"},
      {"id": "r4", "name": "off", "enabled": false, "type": "script"}]},
  "profile": {"claudeCode": {"model": "Own/m/1", "haikuModel": "Deep/deepseek-chat"}},
  "virtualModelProfiles": [{"key": "x"}], "botGateway": {"enabled": false}
})";

TEST(ImportVersion3, ProvidersAndRoutesBecomeOurs) {
    const Config config = read(imported(kWhole));
    EXPECT_EQ(config.listen.port, 4567);
    EXPECT_EQ(config.access.api_key, "sk-door");
    ASSERT_EQ(config.providers.size(), 2u);
    const Provider& deep = config.providers[0];
    EXPECT_EQ(deep.base_url, "https://api.deepseek.com/chat/completions");
    EXPECT_EQ(deep.api_key, "sk-1");
    EXPECT_EQ(traits_of(deep, "deepseek-chat").context_window, 64000);
    const Provider& own = config.providers[1];
    EXPECT_EQ(own.base_url, "https://llm.example.org/v1/messages");
    EXPECT_EQ(own.speaks, Protocol::anthropic);
    ASSERT_EQ(own.by_key.size(), 2u);
    EXPECT_EQ(own.by_key[1].api_key, "sk-b");
    EXPECT_EQ(to_string(*config.routing.fallback_default), "Own,m/1");
    EXPECT_EQ(to_string(*config.routing.background), "Deep,deepseek-chat");
    ASSERT_EQ(config.routing.rules.size(), 2u);
    EXPECT_EQ(config.routing.rules[1].name, "team");
    ASSERT_EQ(config.routing.fallback.size(), 1u);
    for (const Finding& finding : config.findings)
        EXPECT_NE(finding.severity, Severity::error) << finding.message;
}

TEST(ImportVersion3, SaysWhatItLeaves) {
    EXPECT_THAT(imported(kWhole).left,
                ElementsAre("extraBody of provider Deep", HasSubstr("the rule \"odd\""),
                            "virtualModelProfiles"));
    EXPECT_THAT(imported(R"({"APIKEYS":[{"key":"a"},{"key":"b"}],"Router":{}})").left,
                Contains(HasSubstr("1 further client keys")));
}

TEST(ImportVersion3, IsToldFromVersion2) {
    const auto is_3 = [](const char* text) {
        const auto document = parse_json5(text, "f");
        return is_version_3(Node::root_of(*document));
    };
    EXPECT_TRUE(is_3(kWhole));
    EXPECT_FALSE(is_3(R"({"APIKEY":"x","Providers":[],"Router":{"default":"a,b"}})"));
}

}  // namespace
}  // namespace ccr::config
