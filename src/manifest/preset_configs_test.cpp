#include "manifest/preset_configs.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "config/temporary_directory_fixture.h"
#include "manifest/catalog.h"

namespace ccr::manifest {
namespace {

using namespace std::chrono_literals;

constexpr const char* kMain = R"({
    APIKEY: "main-key-1", PROXY_URL: "http://proxy.test:1", API_TIMEOUT_MS: 1000,
    Providers: [{name: "main", api_base_url: "http://127.0.0.1:9/v1/chat/completions", api_key: "k", models: ["m"]}],
    Router: {default: "main,m", think: "main,m"}})";

std::optional<std::string> variables(std::string_view name) {
    if (name == "SHOP_KEY") return "sk-of-the-shop";
    return std::nullopt;
}

class Presets : public testing::Test {
  protected:
    Presets()
        : configs_(home(), variables, {},
                   [this](const std::string& message) { told_.push_back(message); }) {
        around_ = std::make_shared<const config::Config>(
            *config::parse_config(kMain, "config.json", variables));
    }
    std::string home() const { return directory_.path().string(); }
    void write(const std::string& name, const std::string& manifest) {
        const std::filesystem::path to = directory_of(home(), name);
        std::filesystem::create_directories(to);
        std::ofstream(to / kFileName) << manifest;
    }
    Result<config::ConfigPtr> of(const std::string& name) {
        return configs_.of(name, around_, now_ += 2s);
    }

    config::fixture::TemporaryDirectory directory_;
    std::vector<std::string> told_;
    PresetConfigs configs_;
    config::ConfigPtr around_;
    PresetConfigs::Clock::time_point now_ = PresetConfigs::Clock::now();
};

constexpr const char* kShop = R"({
    name: "another name", version: "1.0.0", schema: [{id: "model", defaultValue: "fast"}],
    Providers: [{name: "shop", api_base_url: "http://127.0.0.1:9/v1/chat/completions", api_key: "${SHOP_KEY}",
                 models: ["fast", "slow"]}],
    Router: {default: "shop,#{model}"}})";

TEST_F(Presets, X5VariablesOfTheEnvironmentAreReplaced) {
    write("shop", kShop);
    const auto config = of("shop");
    ASSERT_TRUE(config) << config.error().message;
    ASSERT_EQ((*config)->providers.size(), 1U);
    EXPECT_EQ((*config)->providers[0].api_key, "sk-of-the-shop");
    EXPECT_EQ((*config)->routing.fallback_default->model, "fast");
    EXPECT_TRUE(told_.empty()) << told_.front();
}

TEST_F(Presets, R16WhatAPresetDoesNotSayIsAsInTheServiceButForRouting) {
    write("shop", kShop);
    const auto config = *of("shop");
    EXPECT_EQ(config->access.api_key, "main-key-1");
    EXPECT_EQ(config->proxy, "http://proxy.test:1");
    EXPECT_EQ(config->timeouts.first_event, 1000ms);
    EXPECT_FALSE(config->routing.think);
}

TEST_F(Presets, X3WhatAPresetSaysItselfHolds) {
    write(
        "shop",
        R"({PROXY_URL: "http://other.test:2", fallback: {default: ["main,m"]}, Router: {default: "main,m"},
                      transformers: [{path: "own.js"}]})");
    const auto config = *of("shop");
    EXPECT_EQ(config->proxy, "http://other.test:2");
    EXPECT_EQ(config->routing.fallback.size(), 1U);
    ASSERT_EQ(config->scripts.transformers.size(), 1U);
    EXPECT_EQ(config->scripts.transformers[0].file, directory_of(home(), "shop") + "/own.js");
    ASSERT_EQ(config->providers.size(), 1U);
    EXPECT_EQ(config->providers[0].name, "main");
}

TEST_F(Presets, X7TheDirectoryIsTheName) {
    write("shop", kShop);
    EXPECT_TRUE(of("shop"));
    const auto other = of("another name");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().kind, ErrorKind::not_found);
    EXPECT_NE(other.error().message.find("installed are shop"), std::string::npos);
}

TEST_F(Presets, X8NewAndChangedAndDeletedOnesAreNoticed) {
    EXPECT_FALSE(of("shop"));
    write("shop", kShop);
    ASSERT_TRUE(of("shop"));
    const auto before = *of("shop");
    EXPECT_EQ(*of("shop"), before);
    write("shop", std::string(kShop) + "// changed");
    EXPECT_NE(*of("shop"), before);
    std::filesystem::remove_all(directory_of(home(), "shop"));
    EXPECT_FALSE(of("shop"));
}

TEST_F(Presets, ABrokenVersionLeavesTheOldInForceAndIsTold) {
    write("shop", kShop);
    const auto before = *of("shop");
    write("shop", "{ Providers: [");
    EXPECT_EQ(*of("shop"), before);
    of("shop");
    ASSERT_EQ(told_.size(), 1U);
    EXPECT_NE(told_[0].find("manifest.json:1:"), std::string::npos) << told_[0];
    write("torn", "{");
    const auto torn = of("torn");
    ASSERT_FALSE(torn);
    EXPECT_EQ(torn.error().kind, ErrorKind::config);
}

TEST_F(Presets, FollowTheConfigurationAroundThem) {
    write("shop", kShop);
    const auto before = *configs_.of("shop", around_, now_);
    around_ = std::make_shared<const config::Config>(
        *config::parse_config(R"({PROXY_URL: "http://new.test:3"})", "c", variables));
    const auto now = *configs_.of("shop", around_, now_);
    EXPECT_NE(now, before);
    EXPECT_EQ(now->proxy, "http://new.test:3");
}

TEST_F(Presets, KeysFromCommandsAreFetchedBesideTheRequests) {
    write("shop",
          R"({Providers: [{name: "shop", api_base_url: "http://127.0.0.1:9/v1/chat/completions",
                                   api_key_command: "echo key-of-a-command", models: ["m"]}]})");
    auto config = of("shop");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().kind, ErrorKind::overloaded);
    for (int i = 0; i < 500 && !config; ++i) {
        std::this_thread::sleep_for(10ms);
        config = of("shop");
    }
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ((*config)->providers[0].api_key, "key-of-a-command");
}

TEST_F(Presets, ProgramsAndRelativePathsAreThoseOfTheMainConfiguration) {
    around_ = std::make_shared<const config::Config>(*config::parse_config(
        R"({CLAUDE_PATH: "/usr/bin/claude", transformers: [{path: "own/x.js"}], scripts: {memory_mb: 64, router_ms: 5},
            Providers: [{name: "main", api_base_url: "http://127.0.0.1:9/v1/chat/completions", api_key: "k", models: ["m"]}]})",
        "/home/me/.claude-code-router/config.json", variables));
    write(
        "shop",
        R"({CLAUDE_PATH: "/tmp/evil", NODE_PATH_BINARY: "/tmp/evil", scripts: {router_ms: 7}, Router: {default: "main,m"}})");
    const auto config = *of("shop");
    EXPECT_EQ(config->launch.claude_path, "/usr/bin/claude");
    EXPECT_EQ(config->scripts.node, "");
    EXPECT_EQ(config->scripts.router_time, 7ms);
    EXPECT_EQ(config->scripts.memory_mb, 64U);
    ASSERT_EQ(config->scripts.transformers.size(), 1U);
    EXPECT_EQ(config->scripts.transformers[0].file, "/home/me/.claude-code-router/own/x.js");
}

TEST_F(Presets, X4NamesLeadNowhereElse) {
    for (const char* name :
         {"", ".", "..", "../shop", "a/b", "a\\b", ".hidden", "-rf", "a b", "a\n"})
        EXPECT_FALSE(is_preset_name(name)) << name;
    for (const char* name : {"shop", "my-team_2", "größer"})
        EXPECT_TRUE(is_preset_name(name)) << name;
    std::filesystem::create_directories(directory_.path() / "outside");
    std::ofstream(directory_.path() / "outside" / kFileName) << "{}";
    EXPECT_FALSE(of("../outside"));
}

TEST_F(Presets, AreListedByName) {
    write("b", "{");
    write("a", "{}");
    write(".hidden", "{}");
    const auto all = list_presets(home());
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].id, "a");
    EXPECT_TRUE(all[0].manifest);
    EXPECT_FALSE(all[1].manifest);
}

}  // namespace
}  // namespace ccr::manifest
