#include "cli/dispatch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/paths.h"
#include "config/nearest.h"

namespace ccr::cli {
namespace {

struct Command {
    std::string_view name;
    std::string_view summary;  // "" = an alias, not listed
    int (*run)(const Options&, const config::Environment&);
};

constexpr std::array kCommands = std::to_array<Command>({
    {"start", "Starts the service (--daemon: in the background)", start_command},
    {"stop", "Stops the running service", stop_command},
    {"restart", "Stops the service and starts it again in the background", restart_command},
    {"status", "Tells whether the service runs, and how (--json)", status_command},
    {"activate", "Prints the client's environment: eval \"$(ccr activate)\"", activate_command},
    {"env", "", activate_command},
    {"lessons", "Shows what refusals of providers taught (remove N, clear, --json)",
     lessons_command},
    {"tokens", "Counts the tokens of a file or of standard input (--json: of a request)",
     tokens_command},
    {"explain", "Tells where a request would go, and why (--json)", explain_command},
    {"project", "Shows or sets the Router of a project (set ROUTE MODEL, unset ROUTE)",
     project_command},
    {"model", "Shows or sets where requests go (set [ROUTE] MODEL, unset ROUTE)", model_command},
    {"plugins", "Lists your own JavaScript: what is loaded, its calls and failures (--json)",
     plugins_command},
    {"statusline", "Prints a status line for Claude Code, whose JSON it reads from standard input",
     statusline_command},
    {"demo", "Serves the demo provider alone, in the foreground", demo_command},
});

constexpr std::array<std::string_view, 3> kLater{"ui", "preset", "install"};
constexpr std::array<std::string_view, 2> kHelp{"-h", "--help"};
constexpr std::array<std::string_view, 3> kVersion{"-v", "-V", "--version"};

bool is_among(std::string_view word, const auto& words) {
    return std::ranges::find(words, word) != std::ranges::end(words);
}

int print_version() {
    fmt::print("claude-code-router version: {}\n", CCR_VERSION);
    return kDone;
}

int print_help(int exit_code) {
    fmt::print("{}", help_text());
    return exit_code;
}

int not_yet(std::string_view word) {
    fmt::print(stderr, "`ccr {}` is not in this version ({}) yet.\n", word, CCR_VERSION);
    return kUsage;
}

bool is_preset(const std::string& word, const config::Environment& environment) {
    const bool is_name = !word.starts_with('.') && word.find('/') == std::string::npos;
    return is_name &&
           ::access((paths_of(environment).presets + "/" + word + "/manifest.json").c_str(),
                    F_OK) == 0;
}

int unknown(const std::string& word, const config::Environment& environment) {
    if (is_preset(word, environment)) {
        fmt::print(stderr, "\"{}\" is a preset. Presets are not in this version ({}) yet.\n", word,
                   CCR_VERSION);
        return kUsage;
    }
    std::vector<std::string> names{"code", "version", "help"};
    for (const Command& command : kCommands) names.emplace_back(command.name);
    for (const std::string_view later : kLater) names.emplace_back(later);
    fmt::print(stderr, "ccr knows no command \"{}\"{}\n\n{}", word,
               config::did_you_mean(config::nearest(word, names)), help_text());
    return kFailed;
}

int run_own(const Command& command, const Arguments& rest, const Options& leading,
            const config::Environment& environment) {
    const auto options = parse_options(std::string(command.name), rest, leading);
    return options ? command.run(*options, environment) : options.error();
}

}  // namespace

std::string help_text() {
    std::string out =
        "Usage: ccr [--config PATH] [--port N] <command>\n\n"
        "Routes the requests of coding clients to any model.\n\nCommands:\n";
    const auto line = [&](std::string_view name, std::string_view summary) {
        out += fmt::format("  {:<16} {}\n", name, summary);
    };
    line("code [args...]",
         "Starts the client through ccr; everything after `code` is the client's");
    for (const Command& command : kCommands) {
        if (!command.summary.empty()) line(command.name, command.summary);
    }
    line("version", "Prints the version");
    line("help", "Prints this text");
    out +=
        "\nThe configuration is ~/.claude-code-router/config.json, or what --config or CCR_CONFIG "
        "names.\n"
        "\nExamples:\n"
        "  ccr start\n"
        "  ccr code\n"
        "  ccr code -p \"What does this repository do?\"\n"
        "  eval \"$(ccr activate)\"\n";
    return out;
}

int dispatch(Arguments arguments, const config::Environment& environment) {
    const auto leading = take_leading_options(arguments);
    if (!leading) {
        fmt::print(stderr, "ccr: {}.\n", leading.error());
        return kUsage;
    }
    if (arguments.empty()) return print_help(kFailed);
    const std::string word = arguments.front();
    arguments.erase(arguments.begin());
    if (word == "code") return code_command(*leading, environment, std::move(arguments));
    const auto own = std::ranges::find(kCommands, word, &Command::name);
    if (own != kCommands.end()) return run_own(*own, arguments, *leading, environment);
    if (word == "help" || is_among(word, kHelp)) return print_help(kDone);
    if (word == "version" || is_among(word, kVersion)) return print_version();
    if (is_among(word, kLater)) return not_yet(word);
    return unknown(word, environment);
}

}  // namespace ccr::cli
