// `ccr code` as a process: what reaches the client, and what comes back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "cli/cli_fixture.h"

namespace ccr::cli {
namespace {

using test::Home;
using testing::ElementsAreArray;
using testing::HasSubstr;
using Strings = std::vector<std::string>;

constexpr const char* kDemo = "{PORT: 0}";

Strings with_code(Strings arguments) {
    arguments.insert(arguments.begin(), "code");
    return arguments;
}

void expect_exact(const Home& home, const Strings& arguments) {
    const auto outcome = home.ccr(with_code(arguments));
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(home.seen_arguments(), ElementsAreArray(arguments));
}

// The line of a status file of Linux that tells a process's ignored signals.
std::string ignored_signals(const std::string& status_file) {
    std::ifstream status(status_file);
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("SigIgn:")) return line;
    return "no SigIgn in " + status_file;
}

TEST(CodeCommand, PassesEveryArgumentByteForByte) {
    const Home home;
    home.configure(kDemo);
    home.write_client();
    expect_exact(home, {});
    expect_exact(home, {"", " ", "a b", "", "'", "\"", "\\", "$HOME", "$(touch pwned)", "`id`",
                        "a\nb\n", "\t", "*", "~"});
    expect_exact(home, {"-p", "explain $(cmd)", "--config", "x.json", "--port", "1", "--daemon",
                        "-h", "--version"});
    expect_exact(home, {"--allowedTools", "A", "B", "--allowedTools", "C", "-p", "007",
                        "--no-color", "-pc", "--x.y", "1"});
    expect_exact(
        home, {"--flag", "", "--", "--settings", "\xc3\xbc\xf0\x9f\x98\x80", "\xff\xfe not utf-8"});
    expect_exact(home, {"--settings", "{\"model\":\"x\"}", "--settings=own.json", "prompt"});
    expect_exact(home, {"start"});
    EXPECT_FALSE(std::filesystem::exists(home.file("pwned")));
}

TEST(CodeCommand, PassesRandomArgumentsByteForByte) {
    const Home home;
    home.configure(kDemo);
    home.write_client();
    std::mt19937 random(20240611);
    for (int round = 0; round < 15; ++round) {
        Strings arguments(random() % 8);
        for (std::string& argument : arguments) {
            argument.resize(random() % 40);
            for (char& c : argument) c = static_cast<char>(1 + random() % 255);
        }
        expect_exact(home, arguments);
    }
    std::string long_argument(100'000, 'x');
    expect_exact(home, {long_argument, "end"});
}

TEST(CodeCommand, ReturnsTheExitCodeOfTheClient) {
    const Home home;
    home.configure(kDemo);
    home.write_client("exit 7");
    EXPECT_EQ(home.ccr({"code"}).exit_code, 7);
    home.write_client("exit 255");
    EXPECT_EQ(home.ccr({"code"}).exit_code, 255);
}

TEST(CodeCommand, DiesOfTheSignalTheClientDiesOf) {
    const Home home;
    home.configure(kDemo);
    home.write_client("kill -TERM $$");
    EXPECT_EQ(home.ccr({"code"}).signal, SIGTERM);
}

TEST(CodeCommand, SignalsReachTheClient) {
    const Home home;
    home.configure(kDemo);
    home.write_client("trap 'exit 42' INT\necho waiting\nwhile :; do sleep 0.05; done");
    const auto child = home.start({"code"});
    ASSERT_TRUE(child->wait_for_output("waiting"));
    child->signal(SIGINT);
    EXPECT_EQ(child->finish().exit_code, 42);
    // Whoever runs the tests may ignore some; the client inherits those and no others.
    home.write_client("cat /proc/self/status > seen/status");
    ASSERT_EQ(home.ccr({"code"}).exit_code, 0);
    EXPECT_EQ(ignored_signals(home.file("seen/status")), ignored_signals("/proc/self/status"));
}

TEST(CodeCommand, PipedInputReachesTheClient) {
    const Home home;
    home.write_client("cat > seen/input; echo answered");
    std::string input;
    for (int i = 0; i < 100'000; ++i) input += "line " + std::to_string(i) + "\n";
    for (const char* config : {kDemo, "{PORT: 0, NON_INTERACTIVE_MODE: true}"}) {
        home.configure(config);
        const auto outcome = home.ccr({"code", "-p", "x"}, {}, input);
        EXPECT_EQ(outcome.out, "answered\n");
        EXPECT_EQ(home.read("seen/input"), input);
    }
}

TEST(CodeCommand, SetsTheEnvironment) {
    const Home home;
    home.configure(test::config_with_provider("http://127.0.0.1:9/v1/chat/completions",
                                              "API_TIMEOUT_MS: 1234"));
    home.write_client();
    const auto outcome = home.ccr({"code"}, {{"ANTHROPIC_API_KEY", "users-own"},
                                             {"ANTHROPIC_BASE_URL", "https://elsewhere"},
                                             {"CLAUDE_CODE_USE_BEDROCK", "1"},
                                             {"CLAUDE_CODE_USE_VERTEX", "1"},
                                             {"CLAUDE_CODE_USE_FOUNDRY", "1"},
                                             {"no_proxy", "intra.example, 10.0.0.1"},
                                             {"KEPT", "as it was"}});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    auto seen = home.seen_variables();
    for (const char* shells_own : {"PWD", "OLDPWD", "SHLVL", "_"}) seen.erase(shells_own);
    EXPECT_EQ(seen, home.variables({{"ANTHROPIC_BASE_URL", home.status().endpoint},
                                    {"ANTHROPIC_AUTH_TOKEN", "test"},
                                    {"NO_PROXY", "intra.example, 10.0.0.1,127.0.0.1,localhost"},
                                    {"no_proxy", "intra.example, 10.0.0.1,127.0.0.1,localhost"},
                                    {"DISABLE_TELEMETRY", "true"},
                                    {"DISABLE_COST_WARNINGS", "true"},
                                    {"API_TIMEOUT_MS", "1234"},
                                    {"CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY", "1"},
                                    {"CLAUDE_CODE_ATTRIBUTION_HEADER", "0"},
                                    {"KEPT", "as it was"}}));
}

TEST(CodeCommand, GivesTheKeyAndLeavesAttributionToAnthropic) {
    const Home home;
    home.configure(
        test::config_with_provider("http://127.0.0.1:9/v1/messages", "APIKEY: 'the \"key\" $1'"));
    home.write_client();
    ASSERT_EQ(home.ccr({"code"}).exit_code, 0);
    const auto seen = home.seen_variables();
    EXPECT_EQ(seen.at("ANTHROPIC_AUTH_TOKEN"), "the \"key\" $1");
    EXPECT_FALSE(seen.contains("CLAUDE_CODE_ATTRIBUTION_HEADER"));
    EXPECT_FALSE(seen.contains("CI"));
}

TEST(CodeCommand, NonInteractiveModeSetsItsVariables) {
    const Home home;
    home.configure("{PORT: 0, NON_INTERACTIVE_MODE: true}");
    home.write_client();
    ASSERT_EQ(home.ccr({"code"}, {{"TERM", "xterm"}}).exit_code, 0);
    const auto seen = home.seen_variables();
    EXPECT_EQ(seen.at("CI"), "true");
    EXPECT_EQ(seen.at("FORCE_COLOR"), "0");
    EXPECT_EQ(seen.at("NODE_NO_READLINE"), "1");
    EXPECT_EQ(seen.at("TERM"), "dumb");
}

TEST(CodeCommand, AConflictingSettingIsOverruledByAPrivateFile) {
    const Home home;
    home.configure("{PORT: 0, APIKEY: 'k-123456'}");
    home.write_client();
    home.write(
        ".claude/settings.json",
        R"({"env": {"ANTHROPIC_BASE_URL": "https://elsewhere", "CLAUDE_CODE_USE_BEDROCK": 1, "MINE": "1"}})");
    const auto outcome = home.ccr(
        {"code", "--settings", R"({"model": "opus", "env": {"X": "y"}})", "a b", "--settings=x"});
    // The second of the user's own settings wins, as in the client, and names no file: nothing can
    // be merged.
    EXPECT_EQ(home.seen_arguments().size(), 4u) << outcome.err;
    const auto merged =
        home.ccr({"code", "-p", "--settings", R"({"model": "opus", "env": {"X": "y"}})", "a b"});
    ASSERT_EQ(merged.exit_code, 0) << merged.err;
    EXPECT_THAT(merged.err, HasSubstr("~/.claude/settings.json sets ANTHROPIC_BASE_URL"));
    const auto arguments = home.seen_arguments();
    ASSERT_EQ(arguments.size(), 4u);
    EXPECT_EQ(arguments[0], "--settings");
    EXPECT_THAT((Strings{arguments[2], arguments[3]}), ElementsAreArray({"-p", "a b"}));
    struct stat found{};
    ASSERT_EQ(::stat(arguments[1].c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u);
    ASSERT_EQ(::stat(home.paths().settings.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0700u);
    const auto settings =
        nlohmann::json::parse(home.read(arguments[1].substr(home.path().size() + 1)));
    EXPECT_EQ(settings["model"], "opus");
    EXPECT_EQ(settings["env"]["X"], "y");
    EXPECT_EQ(settings["env"]["ANTHROPIC_BASE_URL"], home.status().endpoint);
    EXPECT_EQ(settings["env"]["ANTHROPIC_AUTH_TOKEN"], "k-123456");
    EXPECT_EQ(settings["env"]["CLAUDE_CODE_USE_BEDROCK"], "");
    EXPECT_FALSE(settings["env"].contains("MINE"));
}

TEST(CodeCommand, ProjectSettingsCountAndSubcommandsGetNoSettings) {
    const Home home;
    home.configure(kDemo);
    home.write_client();
    home.write(".claude/settings.local.json", R"({"env": {"ANTHROPIC_API_KEY": "sk-other"}})");
    ASSERT_EQ(home.ccr({"code", "hello"}).exit_code, 0);
    EXPECT_EQ(home.seen_arguments().size(), 3u);
    ASSERT_EQ(home.ccr({"code", "mcp", "list"}).exit_code, 0);
    EXPECT_THAT(home.seen_arguments(), ElementsAreArray({"mcp", "list"}));
    home.write(".claude/settings.local.json",
               R"({"env": {"DISABLE_TELEMETRY": "true", "OTHER": "x"}})");
    ASSERT_EQ(home.ccr({"code", "hello"}).exit_code, 0);
    EXPECT_THAT(home.seen_arguments(), ElementsAreArray({"hello"}));
}

TEST(CodeCommand, AnEnabledStatusLineNeedsTheFileToo) {
    const Home home;
    home.configure("{PORT: 0, StatusLine: {enabled: true}}");
    home.write_client();
    const auto outcome = home.ccr({"code"});
    ASSERT_EQ(home.seen_arguments().size(), 2u) << outcome.err;
    const auto settings =
        nlohmann::json::parse(home.read(home.seen_arguments()[1].substr(home.path().size() + 1)));
    EXPECT_THAT(settings["statusLine"]["command"].get<std::string>(), HasSubstr("ccr statusline"));
}

TEST(CodeCommand, AMissingClientIsNamedWithTheWayToInstallIt) {
    const Home home;
    home.configure("{PORT: 0, CLAUDE_PATH: '/nowhere/claude'}");
    const auto missing = home.ccr({"code"});
    EXPECT_EQ(missing.exit_code, 127);
    EXPECT_THAT(missing.err, HasSubstr("/nowhere/claude"));
    EXPECT_THAT(missing.err, HasSubstr("npm install -g @anthropic-ai/claude-code"));
    home.write("not-executable", "x");
    home.configure("{PORT: 0, CLAUDE_PATH: '" + home.file("not-executable") + "'}");
    EXPECT_EQ(home.ccr({"code"}).exit_code, 126);
}

TEST(CodeCommand, ReportsAConfigurationThatCannotBeRead) {
    const Home home;
    home.configure("{\n  PORT: 0,\n  oops oops\n}");
    home.write_client();
    const auto outcome = home.ccr({"code"});
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("config.json:3:"));
    EXPECT_TRUE(home.instances().empty());
}

}  // namespace
}  // namespace ccr::cli
