#include "cli/masked.h"

#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

TEST(Masked, WhatHoldsACredentialIsHiddenWhateverItsName) {
    const Json shown = masked(Json::parse(R"({
        "Providers": [{
            "api_base_url": "https://generativelanguage.googleapis.com/v1beta/models?key=AIzaSyA0123456789abcdefghijklmnopqrstuvw",
            "api_key": "sk-1", "apiKeyCommand": "vault --token hvs.0123", "API_KEY_COMMAND": "c",
            "api_keys": ["k1", {"key": "k2"}, {"command": ["print", "k3"]}, {"name": "spare"}],
            "headers": {"Cookie": "session=1", "X-Passwd": "p1", "X-Team": "blue"},
            "proxy": "user:pass@proxy.lan:1080"
        }],
        "PROXY_URL": "http://u:p@127.0.0.1:9"})"),
                              {});
    const Json& provider = shown["Providers"][0];
    EXPECT_EQ(provider["api_base_url"].get<std::string>().find("AIza"), std::string::npos);
    for (const char* const name : {"api_key", "apiKeyCommand", "API_KEY_COMMAND"})
        EXPECT_EQ(provider[name], kHidden) << name;
    EXPECT_EQ(provider["api_keys"][0], kHidden);
    EXPECT_EQ(provider["api_keys"][1]["key"], kHidden);
    EXPECT_EQ(provider["api_keys"][2].dump().find("k3"), std::string::npos);
    EXPECT_EQ(provider["headers"]["Cookie"], kHidden);
    EXPECT_EQ(provider["headers"]["X-Passwd"], kHidden);
    EXPECT_EQ(shown.dump().find("pass@"), std::string::npos);
    EXPECT_EQ(shown.dump().find("u:p@"), std::string::npos);
}

TEST(Masked, OfAWebhooksUrlTheHostIsShownAndOfItsHeadersTheNames) {
    const Json file = Json::parse(R"({"plugins": [{"name": "token-speed", "options": {
        "reporter": "webhook", "outputHandlers": [
            {"type": "webhook", "config": {"url": "https://hooks.test/services/T0/path-secret", "method": "PUT",
             "headers": {"x-route": "header-secret"}, "auth": {"type": "custom", "header": "x-a", "value": "auth-secret"}}},
            {"type": "webhook", "config": {"url": "http://[::1]:81/path-secret"}},
            {"type": "webhook", "config": {"url": "$HOOK_URL"}}]}}]})");
    const Json shown = masked(file, {});
    EXPECT_EQ(shown.dump().find("-secret"), std::string::npos) << shown.dump();
    const Json& handlers = shown["plugins"][0]["options"]["outputHandlers"];
    EXPECT_EQ(handlers[0]["config"]["url"], "https://hooks.test:443/********");
    EXPECT_EQ(handlers[0]["config"]["headers"]["x-route"], kHidden);
    EXPECT_EQ(handlers[0]["config"]["method"], "PUT");
    EXPECT_EQ(handlers[1]["config"]["url"], "http://[::1]:81/********");
    EXPECT_EQ(handlers[2]["config"]["url"], "$HOOK_URL");
    const config::KeyPath config{"plugins", "0", "options", "outputHandlers", "0", "config"};
    for (const auto& more : {config::KeyPath{},
                             {"url"},
                             {"headers"},
                             {"headers", "x-route"},
                             {"auth"},
                             {"auth", "value"}}) {
        config::KeyPath path = config;
        path.insert(path.end(), more.begin(), more.end());
        const std::string text = masked(*value_at(file, path), path).dump();
        EXPECT_EQ(text.find("-secret"), std::string::npos) << text;
    }
}

TEST(Masked, AllElseIsShown) {
    const Json plain = Json::parse(R"({
        "Providers": [{
            "name": "vertex", "api_base_url": "https://h/v1/chat/completions?api-version=2024",
            "models": ["claude-sonnet-4@20250514", "qwen3:8b"], "api_key": "${MY_KEY}",
            "headers": {"X-Team": "blue"}, "transformer": {"use": [["maxtoken", {"max_tokens": 9}]]},
            "maxtoken": 16
        }],
        "Plugins": [{"command": "x"}], "PORT": 3456})");
    EXPECT_EQ(masked(plain, {}), plain);
    EXPECT_EQ(masked("run me", {"Providers", "0", "api_keys", "0", "command"}), kHidden);
}

}  // namespace
}  // namespace ccr::cli
