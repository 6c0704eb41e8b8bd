// `ccr provider` and the models of `ccr model`: what they write, and what they ask first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/cli_fixture.h"

namespace ccr::cli {
namespace {

using test::Home;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kFile = ".claude-code-router/config.json";
constexpr const char* kTwo =
    "{\n"
    "  Providers: [\n"
    "    // the first\n"
    "    {name: 'a', api_base_url: 'http://127.0.0.1:9/v1/chat/completions', models: ['m', 'n']},\n"
    "    {name: 'b', api_base_url: 'http://127.0.0.1:9/v1/chat/completions', models: ['q']},\n"
    "  ],\n"
    "  Router: {default: 'a,m', think: 'b,q'},\n"
    "}\n";

TEST(ProviderCommand, APresetIsAddedByItsName) {
    const Home home;
    const auto added = home.ccr(
        {"provider", "add", "openrouter", "--key-env", "MY_KEY", "--models", "x/one,y/two"});
    EXPECT_EQ(added.exit_code, 0) << added.err;
    EXPECT_THAT(added.out, HasSubstr("openrouter is added with 2 models."));
    EXPECT_THAT(added.out, HasSubstr("Router.default is openrouter,x/one now."));
    EXPECT_THAT(added.err, HasSubstr("MY_KEY"));  // it has no value here
    const auto config = nlohmann::json::parse(home.read(kFile));
    const auto& entry = config["Providers"][0];
    EXPECT_EQ(entry["api_base_url"], "https://openrouter.ai/api/v1/chat/completions");
    EXPECT_EQ(entry["api_key"], "$MY_KEY");
    EXPECT_EQ(entry["models"].size(), 2u);
    EXPECT_EQ(config["Router"]["default"], "openrouter,x/one");
    const auto again = home.ccr({"provider", "add", "openrouter", "--models", "z"});
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_THAT(again.err, HasSubstr("already; `ccr model add openrouter,MODEL`"));
}

TEST(ProviderCommand, KeysComeFromStandardInputOrTheUsualVariable) {
    const Home home;
    home.configure(kTwo);
    const auto piped =
        home.ccr({"provider", "add", "groq", "--key-stdin", "--models", "g"}, {}, "sk-piped-1\n");
    EXPECT_EQ(piped.exit_code, 0) << piped.err;
    EXPECT_THAT(piped.out + piped.err, Not(HasSubstr("sk-piped-1")));
    EXPECT_THAT(home.read(kFile), HasSubstr("\"api_key\": \"sk-piped-1\""));
    EXPECT_THAT(home.read(kFile), HasSubstr("// the first"));
    const auto usual = home.ccr({"provider", "add", "deepseek", "--models", "deepseek-chat"},
                                {{"DEEPSEEK_API_KEY", "sk-2"}});
    EXPECT_EQ(usual.exit_code, 0) << usual.err;
    EXPECT_THAT(home.read(kFile), HasSubstr("\"api_key\": \"$DEEPSEEK_API_KEY\""));
    const auto none = home.ccr({"provider", "add", "mistral", "--models", "x"});
    EXPECT_EQ(none.exit_code, 1);
    EXPECT_THAT(none.err, HasSubstr("--key-env MISTRAL_API_KEY"));
}

TEST(ProviderCommand, KeysAndVariablesMeanWhatWasGiven) {
    const Home home;
    home.configure(kTwo);
    const auto piped = home.ccr({"provider", "add", "groq", "--key-stdin", "--models", "g"},
                                {{"HOME_OF", "no"}}, "sk-a$HOME-b${X}\n");
    EXPECT_EQ(piped.exit_code, 0) << piped.err;
    EXPECT_THAT(home.read(kFile), HasSubstr("\"api_key\": \"sk-a$$HOME-b$${X}\""));
    const auto lower = home.ccr(
        {"provider", "add", "deepseek", "--key-env", "my_key", "--models", "deepseek-chat"},
        {{"my_key", "sk-2"}});
    EXPECT_EQ(lower.exit_code, 0) << lower.err;
    EXPECT_THAT(home.read(kFile), HasSubstr("\"api_key\": \"${my_key}\""));
    const auto wrong =
        home.ccr({"provider", "add", "mistral", "--key-env", "$MY_KEY", "--models", "x"});
    EXPECT_EQ(wrong.exit_code, 1);
    EXPECT_THAT(wrong.err, HasSubstr("no name of a variable"));
}

TEST(ProviderCommand, OwnProvidersNeedAUrl) {
    const Home home;
    const auto unknown = home.ccr({"provider", "add", "opnrouter", "--models", "m"});
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean openrouter?"));
    const auto local = home.ccr({"provider", "add", "mine", "--url",
                                 "http://127.0.0.1:9/v1/chat/completions", "--models", "m"});
    EXPECT_EQ(local.exit_code, 0) << local.err;
    EXPECT_EQ(home.ccr({"provider", "add", "bad", "--url", "nonsense", "--models", "m"}).exit_code,
              1);
    EXPECT_EQ(home.ccr({"provider", "add", "a,b"}).exit_code, 1);
    EXPECT_EQ(home.ccr({"provider", "add"}).exit_code, 2);
}

TEST(ProviderCommand, ListShowsKeysByTheirState) {
    const Home home;
    home.configure(
        "{Providers: [{name: 'a', api_base_url: 'https://h.example/v1/chat/completions', "
        "api_key: '$NOT_SET_HERE', models: ['m']}, {name: 'b', api_base_url: "
        "'https://h.example/v1/chat/completions', api_key: 'sk-hidden', models: []}]}");
    const auto text = home.ccr({"provider", "list"});
    EXPECT_THAT(text.out, testing::ContainsRegex("a +not set +1 "));
    EXPECT_THAT(text.out, testing::ContainsRegex("b +set +0 "));
    EXPECT_THAT(text.out + text.err, Not(HasSubstr("sk-hidden")));
    const auto json = nlohmann::json::parse(home.ccr({"provider", "list", "--json"}).out);
    EXPECT_EQ(json[0]["key"], "not set");
    EXPECT_TRUE(json[0].contains("broken"));
}

TEST(ProviderCommand, RemovalTellsWhatItBreaks) {
    const Home home;
    home.configure(kTwo);
    const auto refused = home.ccr({"provider", "remove", "b"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("config.json:7:35: "));
    EXPECT_THAT(refused.err, HasSubstr("--yes removes it"));
    EXPECT_EQ(home.read(kFile), kTwo);
    EXPECT_EQ(home.ccr({"provider", "remove", "b", "--yes"}).exit_code, 0);
    EXPECT_THAT(home.read(kFile), Not(HasSubstr("name: 'b'")));
    EXPECT_THAT(home.read(kFile), HasSubstr("// the first"));
    const auto unknown = home.ccr({"provider", "remove", "aa"});
    EXPECT_EQ(unknown.exit_code, 1);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean a?"));
}

TEST(ModelCommand, ModelsComeAndGo) {
    const Home home;
    home.configure(kTwo);
    EXPECT_EQ(home.ccr({"model", "add", "b,new:1"}).out, "b,new:1 is added.\n");
    EXPECT_THAT(home.read(kFile), HasSubstr("models: ['q', \"new:1\"]"));
    EXPECT_THAT(home.ccr({"model", "add", "b,new:1"}).out, HasSubstr("already"));
    EXPECT_EQ(home.ccr({"model", "remove", "b,new:1"}).exit_code, 0);
    EXPECT_EQ(home.read(kFile), kTwo);
    EXPECT_EQ(home.ccr({"model", "remove", "a,zzz"}).exit_code, 1);
    EXPECT_EQ(home.ccr({"model", "add", "nobody,m"}).exit_code, 1);
    EXPECT_EQ(home.ccr({"model", "add", "word"}).exit_code, 1);
    const auto list = home.ccr({"model", "list"});
    EXPECT_THAT(list.out, testing::ContainsRegex("a,m .*default"));
    EXPECT_THAT(list.out, testing::ContainsRegex("b,q .*think"));
    const auto json = nlohmann::json::parse(home.ccr({"model", "list", "b", "--json"}).out);
    ASSERT_EQ(json.size(), 1u);
    EXPECT_EQ(json[0]["routes"][0], "think");
    EXPECT_EQ(home.ccr({"model", "list", "c"}).exit_code, 1);
}

TEST(ProviderCommand, TestSaysWhatIsWrong) {
    const Home home;
    home.configure(kTwo);
    const auto tested = home.ccr({"provider", "test", "a", "--models", "m", "--json"});
    EXPECT_EQ(tested.exit_code, 1);
    const auto told = nlohmann::json::parse(tested.out);
    EXPECT_EQ(told[0]["model"], "a,m");
    EXPECT_EQ(told[0]["reached"], false);
    EXPECT_THAT(std::string(told[0]["remedy"]), HasSubstr("127.0.0.1:9"));
    EXPECT_THAT(home.ccr({"provider", "test", "a"}).out,
                testing::ContainsRegex("a,n +no +[?] +no"));
}

}  // namespace
}  // namespace ccr::cli
