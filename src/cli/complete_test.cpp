#include "cli/complete.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/cli_fixture.h"
#include "cli/command_line.h"

namespace ccr::cli {
namespace {

using test::Home;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class Complete : public testing::Test {
  protected:
    Complete() {
        home_.configure(
            "{Providers: [{name: 'ollama', api_base_url: "
            "'http://127.0.0.1:9/v1/chat/completions', models: ['qwen3:8b', 'x y']}], "
            "Router: {default: 'ollama,qwen3:8b', models: {fast: 'ollama,x y'}}}");
    }
    std::vector<std::string> texts(const std::string& line) const {
        const auto home = home_.path();
        const auto completion =
            complete(line, [home](std::string_view name) -> std::optional<std::string> {
                if (name == "HOME") return home;
                return std::nullopt;
            });
        std::vector<std::string> out;
        for (const Candidate& candidate : completion.candidates) out.push_back(candidate.text);
        if (completion.files) out.emplace_back(":files");
        return out;
    }

    Home home_;
};

TEST_F(Complete, EveryCommandAndSubcommandOfTheTree) {
    const auto first = texts("ccr ");
    for (const CommandLine& command : command_lines()) {
        if (command.group.empty()) continue;
        EXPECT_THAT(first, Contains(command.name));
    }
    EXPECT_THAT(texts("ccr sta"), ElementsAre("start", "status", "statusline"));
    EXPECT_THAT(texts("ccr config g"), ElementsAre("get"));
    EXPECT_THAT(texts("ccr --port 1 config g"), ElementsAre("get"));
    EXPECT_THAT(texts("ccr config get --rev"), ElementsAre("--reveal"));
    EXPECT_THAT(texts("ccr nonsense "), ElementsAre(":files"));
}

TEST_F(Complete, NamesOfTheConfiguration) {
    EXPECT_THAT(texts("ccr model set fa"), ElementsAre("fast"));
    EXPECT_THAT(texts("ccr model set think oll"), ElementsAre("ollama,qwen3:8b", "ollama,x y"));
    EXPECT_THAT(texts("ccr model set th"), ElementsAre("think"));
    EXPECT_THAT(texts("ccr provider test o"), ElementsAre("ollama"));
    EXPECT_THAT(texts("ccr provider add openr"), ElementsAre("openrouter"));
    EXPECT_THAT(texts("ccr config set Providers.ollama.api_b"),
                ElementsAre("Providers.ollama.api_base_url"));
    EXPECT_THAT(texts("ccr config set Router.th"), ElementsAre("Router.think"));
    EXPECT_THAT(texts("ccr logs --level w"), ElementsAre("warn"));
    EXPECT_THAT(texts("ccr tokens --model oll"), Contains("ollama,qwen3:8b"));
    EXPECT_THAT(texts("ccr config check "), Contains(":files"));
    EXPECT_THAT(texts("ccr start --port "), IsEmpty());
    EXPECT_THAT(texts("ccr model set "), Not(Contains(":files")));
}

TEST_F(Complete, InstalledPresetsAreNotThoseOfProviders) {
    home_.write(".claude-code-router/presets/openmine/manifest.json", "{}");
    for (const char* const line :
         {"ccr open", "ccr statusline open", "ccr preset info open", "ccr preset delete open"})
        EXPECT_THAT(texts(line), ElementsAre("openmine")) << line;
    EXPECT_THAT(texts("ccr provider add open"), Not(Contains("openmine")));
    EXPECT_THAT(texts("ccr provider add open"), Contains("openrouter"));
}

TEST_F(Complete, ABrokenConfigurationCompletesCommands) {
    home_.configure("{");
    EXPECT_THAT(texts("ccr model set th"), ElementsAre("think"));
    EXPECT_THAT(texts("ccr model s"), ElementsAre("show", "set"));
}

TEST(ShellWords, AreTakenAsShellsTakeThem) {
    EXPECT_THAT(shell_words("ccr  model set"), ElementsAre("ccr", "model", "set"));
    EXPECT_THAT(shell_words("ccr 'a b' \"c d\" e\\ f "),
                ElementsAre("ccr", "a b", "c d", "e f", ""));
    EXPECT_THAT(shell_words("ccr 'open"), ElementsAre("ccr", "open"));
}

}  // namespace
}  // namespace ccr::cli
