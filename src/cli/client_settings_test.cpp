// What the client is told: variables, arguments and settings, without a process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/cli_fixture.h"
#include "cli/client_arguments.h"
#include "cli/client_environment.h"
#include "cli/client_settings.h"

namespace ccr::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ClientEnvironment, NoProxyKeepsItsEntriesAndGainsOursOnce) {
    const std::vector<std::string> hosts{"127.0.0.1", "localhost"};
    EXPECT_EQ(extended_no_proxy("", hosts), "127.0.0.1,localhost");
    EXPECT_EQ(extended_no_proxy("a.b", hosts), "a.b,127.0.0.1,localhost");
    EXPECT_EQ(extended_no_proxy("localhost , a", hosts), "localhost , a,127.0.0.1");
    EXPECT_EQ(extended_no_proxy("127.0.0.1,localhost", hosts), "127.0.0.1,localhost");
    EXPECT_EQ(extended_no_proxy("a,*", hosts), "a,*");
    EXPECT_EQ(extended_no_proxy("127.0.0.1 localhost", hosts), "127.0.0.1 localhost");
    EXPECT_EQ(extended_no_proxy(",", hosts), ",127.0.0.1,localhost");
}

TEST(ClientEnvironment, AnAddressOfAnotherInterfaceGoesPastProxiesToo) {
    EXPECT_EQ(endpoint_of("0.0.0.0", 1), "http://127.0.0.1:1");
    EXPECT_EQ(endpoint_of("::", 1), "http://127.0.0.1:1");
    EXPECT_EQ(endpoint_of("::1", 1), "http://[::1]:1");
    EXPECT_EQ(endpoint_of("192.168.0.7", 1), "http://192.168.0.7:1");
    EXPECT_EQ(endpoint_of("fe80::1", 1), "http://[fe80::1]:1");
    EXPECT_EQ(host_of("http://[::1]:1"), "::1");
    EXPECT_EQ(host_of("http://192.168.0.7:1"), "192.168.0.7");
    const auto variables = client_environment(config::Config(), "http://192.168.0.7:1",
                                              [](std::string_view) { return std::nullopt; });
    const auto found = std::ranges::find(variables, "no_proxy", &Variable::name);
    ASSERT_NE(found, variables.end());
    EXPECT_EQ(found->value, "127.0.0.1,localhost,192.168.0.7");
}

// The three variables about the size of the default model, "" where one is not set.
std::vector<std::string> limits(const config::Provider& provider, const std::string& users = "") {
    config::Config config;
    config.providers.push_back(provider);
    const auto variables = client_environment(
        config, "http://127.0.0.1:1", [&](std::string_view name) -> std::optional<std::string> {
            return name == users ? std::optional<std::string>("users") : std::nullopt;
        });
    std::vector<std::string> out;
    for (const char* name : {"CLAUDE_CODE_MAX_CONTEXT_TOKENS", "CLAUDE_CODE_AUTO_COMPACT_WINDOW",
                             "CLAUDE_CODE_MAX_OUTPUT_TOKENS"}) {
        const auto found = std::ranges::find(variables, name, &Variable::name);
        out.push_back(found == variables.end() ? "" : found->value.value_or("unset"));
        EXPECT_TRUE(found == variables.end() || found->yields) << name;
    }
    return out;
}

TEST(ClientEnvironment, TheDefaultModelsSizeIsTold) {
    config::Provider provider;
    provider.models = {"small", "large"};
    EXPECT_THAT(limits(provider), ElementsAre("", "", ""));
    provider.traits.context_window = 131072;
    provider.traits.max_output = 8192;
    EXPECT_THAT(limits(provider), ElementsAre("131072", "131072", "8192"));
    config::Traits small;
    small.context_window = 32768;
    small.max_output = 64000;
    provider.model_traits.push_back({"small", small});
    EXPECT_THAT(limits(provider), ElementsAre("32768", "100000", ""));
}

TEST(ClientEnvironment, TheUsersOwnSizesStandAndAnthropicsAreNotTold) {
    config::Provider provider;
    provider.models = {"any"};
    provider.traits.context_window = 131072;
    EXPECT_THAT(limits(provider, "CLAUDE_CODE_AUTO_COMPACT_WINDOW"), ElementsAre("131072", "", ""));
    provider.preset = config::find_preset("anthropic");
    ASSERT_NE(provider.preset, nullptr);
    EXPECT_THAT(limits(provider), ElementsAre("", "", ""));
}

TEST(ClientArguments, SettingsAreFoundAndTakenOutWhereTheyAreOptions) {
    const Arguments arguments{"-p",           "--settings", "a",          "x",
                              "--settings=b", "--",         "--settings", "c"};
    EXPECT_EQ(last_settings(arguments), "b");
    EXPECT_THAT(without_settings(arguments), ElementsAre("-p", "x", "--", "--settings", "c"));
    EXPECT_EQ(last_settings({"--settings"}), std::nullopt);
    EXPECT_THAT(without_settings({"--settings"}), ElementsAre("--settings"));
    EXPECT_EQ(last_settings({"--settings", "--"}), "--");
    EXPECT_TRUE(is_settingless_subcommand({"mcp", "list"}));
    EXPECT_FALSE(is_settingless_subcommand({"-p", "mcp"}));
    EXPECT_FALSE(is_settingless_subcommand({}));
}

class Conflicts : public testing::Test {
  protected:
    std::vector<std::string> variables_in(const std::string& settings) const {
        home_.write("settings.json", settings);
        std::vector<std::string> names;
        for (const Conflict& conflict : find_conflicts({home_.file("settings.json")}, ours_)) {
            names.push_back(conflict.variable);
        }
        return names;
    }

    const test::Home home_;
    const std::vector<Variable> ours_{{"URL", "http://x"},
                                      {"KEY", std::nullopt},
                                      {"NO_PROXY", "127.0.0.1,localhost"},
                                      {"TIMEOUT", "600"}};
};

TEST_F(Conflicts, AreOtherValuesOfOurVariables) {
    EXPECT_THAT(variables_in(R"({"env": {"URL": "http://y", "KEY": "k", "OTHER": "z"}})"),
                ElementsAre("URL", "KEY"));
    EXPECT_THAT(variables_in(R"({"env": {"URL": "http://x", "KEY": "", "TIMEOUT": 600}})"),
                IsEmpty());
    EXPECT_THAT(variables_in(R"({"env": {"NO_PROXY": "a"}})"), ElementsAre("NO_PROXY"));
    EXPECT_THAT(variables_in(R"({"env": {"NO_PROXY": "localhost,a,127.0.0.1"}})"), IsEmpty());
}

TEST_F(Conflicts, OverNoProxyKeepTheEntriesThere) {
    const auto variables =
        overruling(ours_, {{"f", "URL", "http://y"}, {"f", "NO_PROXY", "a,localhost"}});
    EXPECT_EQ(variables[0].value, "http://x");
    EXPECT_EQ(variables[2].value, "a,localhost,127.0.0.1");
}

TEST_F(Conflicts, DoNotAriseWhereOursYields) {
    home_.write("yields.json", R"({"env": {"WINDOW": "7"}})");
    const std::vector<Variable> ours{{"WINDOW", "9", true}, {"URL", "http://x"}};
    EXPECT_THAT(find_conflicts({home_.file("yields.json")}, ours), IsEmpty());
    const auto variables = overruling(ours, {{"f", "URL", "http://y"}});
    ASSERT_EQ(variables.size(), 1u);
    EXPECT_EQ(variables[0].name, "URL");
}

TEST_F(Conflicts, AreNotSoughtInWhatIsNoSettingsFile) {
    for (const char* text :
         {"", "{", "[]", "{}", R"({"env": 1})", R"({"env": []})", "null", "\xff\xff"}) {
        EXPECT_THAT(variables_in(text), IsEmpty()) << text;
    }
    EXPECT_THAT(find_conflicts({"/nowhere/settings.json"}, ours_), IsEmpty());
}

TEST(ClientSettings, OursWinOverTheUsersOnlyWhereTheyMust) {
    const Overlay overlay{{{"URL", "http://x"}, {"KEY", std::nullopt}}, "ccr statusline"};
    const auto json = settings_json(
        R"({"env": {"URL": "y", "MINE": "1"}, "statusLine": {"command": "own"}, "a": [1]})",
        overlay);
    ASSERT_TRUE(json);
    EXPECT_EQ(nlohmann::json::parse(*json),
              nlohmann::json::parse(R"({"env": {"URL": "http://x", "MINE": "1", "KEY": ""},
                                        "statusLine": {"command": "own"}, "a": [1]})"));
    EXPECT_EQ(nlohmann::json::parse(*settings_json("", overlay))["statusLine"]["command"],
              "ccr statusline");
    EXPECT_FALSE(settings_json("[]", overlay));
    EXPECT_FALSE(settings_json("nonsense", overlay));
}

TEST(ClientSettings, AValueIsJsonOrAFile) {
    const test::Home home;
    home.write("s.json", "{\"a\":1}");
    EXPECT_EQ(settings_text(" {\"b\":2}"), " {\"b\":2}");
    EXPECT_EQ(settings_text(home.file("s.json")), "{\"a\":1}");
    EXPECT_EQ(settings_text(home.file("none.json")), std::nullopt);
    EXPECT_EQ(settings_text(""), std::nullopt);
}

TEST(ClientSettings, TheSameContentIsTheSameFile) {
    const test::Home home;
    const auto first = write_settings(home.paths(), "{}");
    const auto second = write_settings(home.paths(), "{}");
    const auto third = write_settings(home.paths(), "{ }");
    ASSERT_TRUE(first && second && third);
    EXPECT_EQ(*first, *second);
    EXPECT_NE(*first, *third);
}

}  // namespace
}  // namespace ccr::cli
