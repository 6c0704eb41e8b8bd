// The first word of the command line, and `ccr activate` through a shell.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "cli/cli_fixture.h"
#include "cli/command_line.h"
#include "cli/dispatch.h"
#include "cli/options.h"
#include "cli/shell_quote.h"

namespace ccr::cli {
namespace {

using test::Home;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Dispatch, HelpAndVersionAreUnderstoodInEverySpelling) {
    const Home home;
    for (const char* word : {"help", "-h", "--help"}) {
        const auto outcome = home.ccr({word});
        EXPECT_EQ(outcome.exit_code, 0);
        EXPECT_EQ(outcome.out, help_text());
    }
    for (const char* word : {"version", "-v", "-V", "--version"}) {
        EXPECT_EQ(home.ccr({word}).out, "claude-code-router version: " CCR_VERSION "\n");
    }
    const auto nothing = home.ccr({});
    EXPECT_EQ(nothing.exit_code, 1);
    EXPECT_EQ(nothing.out, help_text());
}

TEST(Dispatch, UnknownWordsAreAnsweredWithTheNearestCommand) {
    const Home home;
    const auto misspelt = home.ccr({"strat"});
    EXPECT_EQ(misspelt.exit_code, 1);
    EXPECT_EQ(misspelt.out, "");
    EXPECT_THAT(misspelt.err, HasSubstr("did you mean start?"));
    home.write(".claude-code-router/presets/mine/manifest.json", "{}");
    EXPECT_THAT(home.ccr({"mone"}).err, HasSubstr("did you mean mine?"));
    const auto ui = home.ccr({"ui"});
    EXPECT_EQ(ui.exit_code, 2);
    EXPECT_THAT(ui.err, HasSubstr("no web interface"));
    EXPECT_THAT(ui.err, HasSubstr("`ccr config`"));
}

TEST(Dispatch, WhatFailsUnexpectedlyEndsInAMessage) {
    const Home home;
    const std::string script = "\"$0\" manual >/dev/full";
    test::Child child("/bin/sh", {"-c", script, CCR_BINARY}, home.variables(), home.path());
    const auto outcome = child.finish();
    EXPECT_EQ(outcome.exit_code, 1) << "signal " << outcome.signal;
    EXPECT_THAT(outcome.err, HasSubstr("ccr: "));
}

TEST(Dispatch, WrongOptionsAreUsageErrors) {
    const Home home;
    for (const auto& arguments : {std::vector<std::string>{"start", "--prot", "1"},
                                  {"start", "--port", "70000"},
                                  {"start", "--port", "x"},
                                  {"stop", "now"},
                                  {"lessons", "remove"},
                                  {"lessons", "remove", "one"},
                                  {"--config"},
                                  {"--port", "-1", "start"}}) {
        const auto outcome = home.ccr(arguments);
        EXPECT_EQ(outcome.exit_code, 2) << arguments.back();
        EXPECT_NE(outcome.err, "");
    }
    EXPECT_EQ(home.ccr({"start", "--help"}).exit_code, 0);
    EXPECT_THAT(home.ccr({"start", "--prot", "1"}).err, HasSubstr("did you mean --port?"));
    EXPECT_THAT(home.ccr({"model", "sett"}).err, HasSubstr("did you mean set?"));
    EXPECT_THAT(home.ccr({"stop", "now"}).err, HasSubstr("one word too many"));
}

TEST(Dispatch, HelpFitsATerminalAndKnowsEveryCommand) {
    std::string text = help_text();
    for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
        end = text.find('\n', at);
        EXPECT_LE(end - at, 80u) << text.substr(at, end - at);
    }
    for (const CommandLine& command : command_lines()) {
        if (!command.group.empty()) {
            EXPECT_THAT(text, HasSubstr("  " + std::string(command.name)));
        }
        const Home home;
        const auto help = home.ccr({std::string(command.name), "--help"});
        EXPECT_EQ(help.exit_code, 0) << command.name;
        EXPECT_THAT(help.out, HasSubstr("Usage: ccr " + std::string(command.name)));
    }
    EXPECT_THAT(help_text(true), HasSubstr("\x1b[1m"));
}

TEST(Options, StandBeforeTheCommand) {
    Arguments arguments{"--config", "a b", "--port=12", "code", "--config", "x"};
    const auto options = take_leading_options(arguments);
    ASSERT_TRUE(options);
    EXPECT_EQ(options->config_file, "a b");
    EXPECT_EQ(options->port, 12);
    EXPECT_THAT(arguments, ElementsAre("code", "--config", "x"));
    Arguments incomplete{"--config"};
    EXPECT_FALSE(take_leading_options(incomplete));
}

TEST(Activate, SurvivesAnyKeyThroughAShell) {
    const Home home;
    home.configure(R"({PORT: 4444, APIKEY: "a'b\"c$HOME_`id`\\ $(id) !x"})");
    const auto printed = home.ccr({"activate"}, {{"ANTHROPIC_API_KEY", "x"}, {"NO_PROXY", "it's"}});
    ASSERT_EQ(printed.exit_code, 0) << printed.err;
    EXPECT_EQ(home.ccr({"env"}, {{"ANTHROPIC_API_KEY", "x"}, {"NO_PROXY", "it's"}}).out,
              printed.out);
    EXPECT_TRUE(home.instances().empty());
    home.write("activate.sh", printed.out + "env -0 > seen\n");
    test::Child shell("/bin/sh", {"activate.sh"}, home.variables({{"ANTHROPIC_API_KEY", "x"}}),
                      home.path());
    ASSERT_EQ(shell.finish().exit_code, 0);
    const std::string seen = home.read("seen");
    EXPECT_THAT(seen, HasSubstr(std::string("ANTHROPIC_BASE_URL=http://127.0.0.1:4444") + '\0'));
    EXPECT_THAT(seen, HasSubstr(std::string("NO_PROXY=it's,127.0.0.1,localhost") + '\0'));
    EXPECT_THAT(seen, HasSubstr("ANTHROPIC_AUTH_TOKEN=a'b\"c$HOME_`id`\\ $(id) !x"));
    EXPECT_THAT(seen, testing::Not(HasSubstr("ANTHROPIC_API_KEY=")));
}

TEST(Activate, QuotesAnyBytesForAShell) {
    const Home home;
    std::mt19937 random(7);
    constexpr std::string_view kBytes = "'\"\\$`! \n\t;&|*?[](){}<>#~=%abc\xc3\xbc";
    std::string script, expected;
    for (int round = 0; round < 200; ++round) {
        std::string value(random() % 30, ' ');
        for (char& c : value) c = kBytes[random() % kBytes.size()];
        script += export_lines({{"V", value}}) + "printf '%s\\0' \"$V\"\n";
        expected += value + '\0';
    }
    home.write("quoted.sh",
               script + export_lines({{"V", std::nullopt}}) + "printf '%s' \"${V-unset}\"\n");
    test::Child shell("/bin/sh", {"quoted.sh"}, home.variables(), home.path());
    EXPECT_EQ(shell.finish().out, expected + "unset");
}

TEST(Activate, TellsOfSettingsThatBeatIt) {
    const Home home;
    home.write(".claude/settings.json", R"({"env": {"ANTHROPIC_BASE_URL": "https://elsewhere"}})");
    const auto outcome = home.ccr({"activate"});
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.err, HasSubstr("~/.claude/settings.json sets ANTHROPIC_BASE_URL"));
}

}  // namespace
}  // namespace ccr::cli
