// `ccr config` through the real binary: what it prints, what it writes, how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "cli/cli_fixture.h"

namespace ccr::cli {
namespace {

using test::Home;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kFile = ".claude-code-router/config.json";
constexpr const char* kText =
    "{\n"
    "  // mine\n"
    "  PORT: 4567,\n"
    "  \"APIKEY\": 'sk-very-secret-key',\n"
    "  Providers: [{name: 'x', api_base_url: 'http://u:p@127.0.0.1:9/v1/chat/completions',\n"
    "               api_key: '$X_KEY', models: ['m', 'n']}], // one\n"
    "  Router: {default: 'x,m'},\n"
    "  Unknown: [1],\n"
    "}\n";

std::size_t backups_in(const Home& home) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(home.file(".claude-code-router")))
        count += entry.path().extension() == ".bak" ? 1 : 0;
    return count;
}

TEST(ConfigCommand, GetPrintsValuesAndHidesKeys) {
    const Home home;
    home.configure(kText);
    EXPECT_EQ(home.ccr({"config", "get", "Router.default"}).out, "x,m\n");
    EXPECT_EQ(home.ccr({"config", "get", "port", "--json"}).out, "4567\n");
    EXPECT_EQ(home.ccr({"config", "get", "Providers.x.models"}).out, "[\n  \"m\",\n  \"n\"\n]\n");
    EXPECT_EQ(home.ccr({"config", "get", "apikey"}).out, "********\n");
    EXPECT_EQ(home.ccr({"config", "get", "APIKEY", "--reveal"}).out, "sk-very-secret-key\n");
    const auto whole = home.ccr({"config", "get"});
    EXPECT_THAT(whole.out, Not(HasSubstr("sk-very-secret-key")));
    EXPECT_THAT(whole.out, Not(HasSubstr("u:p@")));
    EXPECT_THAT(whole.out, HasSubstr("$X_KEY"));
    EXPECT_EQ(home.ccr({"config", "path"}).out, home.file(kFile) + "\n");
    const auto missing = home.ccr({"config", "get", "PROT"});
    EXPECT_EQ(missing.exit_code, 1);
    EXPECT_THAT(missing.err, HasSubstr("PROT is not set"));
    EXPECT_THAT(missing.err, HasSubstr("did you mean PORT?"));
}

TEST(ConfigCommand, SetAndUnsetKeepAllElse) {
    const Home home;
    home.configure(kText);
    const auto set = home.ccr({"config", "set", "Router.think", "x,n"});
    EXPECT_EQ(set.exit_code, 0) << set.err;
    EXPECT_EQ(set.out, "Router.think: x,n\n");
    std::string wanted = kText;
    wanted.replace(wanted.find("{default: 'x,m'}"), 16, "{default: 'x,m', \"think\": \"x,n\"}");
    EXPECT_EQ(home.read(kFile), wanted);
    struct stat found{};
    ::stat(home.file(kFile).c_str(), &found);
    EXPECT_EQ(found.st_mode & 0777, 0600u);
    EXPECT_EQ(home.ccr({"config", "set", "PORT", "4568"}).out, "PORT: 4568 (was 4567)\n");
    EXPECT_EQ(home.ccr({"config", "unset", "Router.think"}).exit_code, 0);
    EXPECT_EQ(home.ccr({"config", "set", "PORT", "4567"}).exit_code, 0);
    EXPECT_EQ(home.read(kFile), kText);
    EXPECT_EQ(backups_in(home), 3u);
    EXPECT_EQ(home.ccr({"config", "unset", "Router.think"}).exit_code, 1);
}

TEST(ConfigCommand, KeysAreTakenFromStandardInputAndNeverShown) {
    const Home home;
    home.configure(kText);
    const auto set = home.ccr({"config", "set", "APIKEY", "-"}, {}, "sk-from-a-pipe\n");
    EXPECT_EQ(set.out, "APIKEY: ******** (was ********)\n");
    EXPECT_THAT(set.err, Not(HasSubstr("sk-")));
    EXPECT_THAT(home.read(kFile), HasSubstr("\"APIKEY\": \"sk-from-a-pipe\","));
    const auto digits = home.ccr({"config", "set", "APIKEY", "0123"});
    EXPECT_THAT(digits.err, HasSubstr("standard input"));
    EXPECT_THAT(home.read(kFile), HasSubstr("\"APIKEY\": \"0123\","));
}

TEST(ConfigCommand, WhatWouldBeBrokenIsNotWritten) {
    const Home home;
    home.configure(kText);
    const auto wrong = home.ccr({"config", "set", "PORT", "many"});
    EXPECT_EQ(wrong.exit_code, 1);
    EXPECT_THAT(wrong.err, HasSubstr(home.file(kFile) + ":3:9: "));
    EXPECT_THAT(wrong.err, HasSubstr("Nothing was written; --force"));
    const auto typo = home.ccr({"config", "set", "Router.defualt", "x,m"});
    EXPECT_EQ(typo.exit_code, 1);
    EXPECT_THAT(typo.err, HasSubstr("did you mean default?"));
    EXPECT_EQ(home.ccr({"config", "set", "Router", "{default: "}).exit_code, 1);
    EXPECT_EQ(home.read(kFile), kText);
    EXPECT_EQ(backups_in(home), 0u);
    EXPECT_EQ(home.ccr({"config", "set", "PORT", "many", "--force"}).exit_code, 0);
    EXPECT_THAT(home.read(kFile), HasSubstr("PORT: \"many\","));
    home.configure("{ PORT: 1,, }");
    const auto broken = home.ccr({"config", "set", "PORT", "2", "--force"});
    EXPECT_EQ(broken.exit_code, 1);
    EXPECT_THAT(broken.err, HasSubstr("config.json:1:11"));
    EXPECT_EQ(home.read(kFile), "{ PORT: 1,, }");
}

TEST(ConfigCommand, OddValuesEndInAMessage) {
    const Home home;
    home.configure(kText);
    const auto bytes = home.ccr({"config", "set", "APIKEY", "\xff"});
    EXPECT_EQ(bytes.exit_code, 1) << bytes.signal;
    EXPECT_THAT(bytes.err, HasSubstr("no UTF-8"));
    EXPECT_EQ(home.read(kFile), kText);
    home.configure("{Providers: [{name: 5, models: ['m']}]}");
    const auto edited =
        home.ccr({"config", "edit"}, {{"EDITOR", "sed -i 's/5/6/'"}, {"TERM", "dumb"}});
    EXPECT_GE(edited.exit_code, 0) << "signal " << edited.signal;
    home.write("other.json", "{Providers: [{name: 7, models: ['m']}], PORT: 4000}");
    const auto imported = home.ccr({"config", "import", home.file("other.json"), "--yes"});
    EXPECT_GE(imported.exit_code, 0) << "signal " << imported.signal;
}

TEST(ConfigCommand, AFailingEditorLeavesNoCopyButOfWhatWasEdited) {
    const Home home;
    home.configure(kText);
    const auto copies = [&] {
        std::size_t count = 0;
        for (const auto& entry :
             std::filesystem::directory_iterator(home.file(".claude-code-router/run")))
            count += entry.path().filename().string().starts_with("config-") ? 1 : 0;
        return count;
    };
    EXPECT_EQ(home.ccr({"config", "edit"}, {{"EDITOR", "false"}}).exit_code, 1);
    EXPECT_EQ(copies(), 0u);
    const auto edited =
        home.ccr({"config", "edit"}, {{"EDITOR", "sh -c 'echo x >>\"$0\"; exit 1'"}});
    EXPECT_EQ(edited.exit_code, 1);
    EXPECT_THAT(edited.err, HasSubstr("kept in " + home.file(".claude-code-router/run/config-")));
    EXPECT_EQ(copies(), 1u);
    EXPECT_EQ(home.read(kFile), kText);
}

TEST(ConfigCommand, SetMakesTheFileWhereThereIsNone) {
    const Home home;
    EXPECT_EQ(home.ccr({"config", "set", "LOG_LEVEL", "debug"}).exit_code, 0);
    EXPECT_EQ(home.read(kFile), "{\n  \"LOG_LEVEL\": \"debug\"\n}\n");
}

TEST(ConfigCommand, CheckTellsByItsExitCode) {
    const Home home;
    home.configure(kText);
    const auto checked = home.ccr({"config", "check"}, {{"X_KEY", "k"}});
    EXPECT_EQ(checked.exit_code, 0) << checked.out;
    EXPECT_THAT(checked.out, HasSubstr("config.json:8:3: warning: \"Unknown\""));
    EXPECT_THAT(checked.out, HasSubstr("0 errors, 1 warning\n"));
    EXPECT_EQ(home.ccr({"config", "check", "--strict"}, {{"X_KEY", "k"}}).exit_code, 1);
    const auto without = home.ccr({"config", "check", "--json"});
    EXPECT_EQ(without.exit_code, 1);
    const auto told = nlohmann::json::parse(without.out);
    EXPECT_EQ(told["errors"], 1);
    EXPECT_EQ(told["findings"][0]["code"], "unresolved-variable");
    EXPECT_EQ(told["findings"][0]["line"], 6);
    home.write("other.json", "{ PORT: }");
    const auto other = home.ccr({"config", "check", "other.json"});
    EXPECT_EQ(other.exit_code, 1);
    EXPECT_THAT(other.err, HasSubstr("other.json:1:9"));
    EXPECT_EQ(home.ccr({"config", "check", "absent.json"}).exit_code, 1);
}

TEST(ConfigCommand, EditTakesOverWhatTheEditorMadeIfItIsSound) {
    const Home home;
    home.configure(kText);
    home.write("good.sh", "#!/bin/sh\nsed -i 's/4567/4999/' \"$2\"\n");
    const auto good = home.ccr({"config", "edit"}, {{"VISUAL", "sh good.sh 'two words'"}});
    EXPECT_EQ(good.exit_code, 0) << good.err;
    EXPECT_THAT(good.out, HasSubstr("~ PORT: 4567 -> 4999"));
    EXPECT_THAT(home.read(kFile), HasSubstr("PORT: 4999,"));
    home.write("bad.sh", "#!/bin/sh\necho '{ PORT: ' > \"$1\"\n");
    const auto bad = home.ccr({"config", "edit"}, {{"EDITOR", "sh bad.sh"}});
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_THAT(bad.err, HasSubstr(":2:1: "));
    EXPECT_THAT(bad.err, HasSubstr("is kept in"));
    EXPECT_THAT(home.read(kFile), HasSubstr("PORT: 4999,"));
    EXPECT_THAT(home.ccr({"config", "edit"}, {{"EDITOR", "true"}}).out, HasSubstr("Nothing was"));
    const auto failed = home.ccr({"config", "edit"}, {{"EDITOR", "false"}});
    EXPECT_EQ(failed.exit_code, 1);
    EXPECT_THAT(failed.err, HasSubstr("`false` failed (exit code 1)"));
}

TEST(ConfigCommand, ImportTakesAnOlderConfiguration) {
    const Home home;
    home.write("v2.json", kText);
    const auto first = home.ccr({"config", "import", "v2.json"});
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_EQ(home.read(kFile), kText);
    EXPECT_THAT(first.out, HasSubstr("+ provider x (2 models)"));
    EXPECT_THAT(first.out, HasSubstr("+ APIKEY: ********"));
    home.write("v3.json", R"({"gateway": {"port": 5000}, "Providers": [{"name": "y",
        "baseUrl": "http://127.0.0.1:9/v1", "type": "openai_chat_completions", "models": ["q"]}],
        "Router": {"rules": [{"name": "s", "enabled": true, "type": "script"}]}})");
    const auto refused = home.ccr({"config", "import", "v3.json"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, HasSubstr("--yes replaces it"));
    EXPECT_EQ(home.read(kFile), kText);
    const auto second = home.ccr({"config", "import", "--yes", "v3.json"});
    EXPECT_EQ(second.exit_code, 0) << second.err;
    EXPECT_THAT(second.out, HasSubstr("- provider x"));
    EXPECT_THAT(second.out, HasSubstr("~ Router.default: x,m -> y,q"));
    EXPECT_THAT(second.out, HasSubstr("Not carried over:\n  the rule \"s\""));
    EXPECT_EQ(backups_in(home), 1u);
    EXPECT_EQ(home.ccr({"config", "import", "absent"}).exit_code, 1);
}

TEST(ConfigCommand, WrongUseIsAnsweredWithTheWayOut) {
    const Home home;
    const auto none = home.ccr({"config"});
    EXPECT_EQ(none.exit_code, 2);
    EXPECT_THAT(none.err, HasSubstr("it wants one of path, get, set"));
    const auto typo = home.ccr({"config", "chek"});
    EXPECT_EQ(typo.exit_code, 2);
    EXPECT_THAT(typo.err, HasSubstr("did you mean check?"));
    const auto option = home.ccr({"config", "get", "--revael"});
    EXPECT_EQ(option.exit_code, 2);
    EXPECT_THAT(option.err, HasSubstr("did you mean --reveal?"));
    EXPECT_THAT(option.err, HasSubstr("`ccr config get --help`"));
    EXPECT_EQ(home.ccr({"config", "set", "PORT"}).exit_code, 2);
    EXPECT_EQ(home.ccr({"config", "get", "a..b"}).exit_code, 1);
}

}  // namespace
}  // namespace ccr::cli
