#include "cli/dispatch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string_view>

#include "base/redact.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/paths.h"
#include "cli/terminal.h"
#include "config/nearest.h"
#include "gateway/address.h"
#include "manifest/catalog.h"

namespace ccr::cli {
namespace {

struct Command {
    std::string_view name;
    int (*run)(const Options&, const config::Environment&);
};

constexpr std::array kCommands = std::to_array<Command>({
    {"start", start_command},           {"stop", stop_command},
    {"restart", restart_command},       {"status", status_command},
    {"activate", activate_command},     {"env", activate_command},
    {"lessons", lessons_command},       {"tokens", tokens_command},
    {"explain", explain_command},       {"project", project_command},
    {"model", model_command},           {"plugins", plugins_command},
    {"config", config_command},         {"logs", logs_command},
    {"doctor", doctor_command},         {"top", top_command},
    {"provider", provider_command},     {"preset", preset_command},
    {"install", install_command},       {"completion", completion_command},
    {"manual", manual_command},         {"service", service_command},
    {"statusline", statusline_command}, {"demo", demo_command},
});

constexpr std::array<std::string_view, 2> kHelp{"-h", "--help"};
constexpr std::array<std::string_view, 3> kVersion{"-v", "-V", "--version"};

bool is_among(std::string_view word, const auto& words) {
    return std::ranges::find(words, word) != std::ranges::end(words);
}

int print_version() {
    fmt::print("claude-code-router version: {}\n", CCR_VERSION);
    return kDone;
}

int print_help(int exit_code, const config::Environment& environment) {
    fmt::print("{}", help_text(takes_colors(STDOUT_FILENO, environment)));
    return exit_code;
}

int no_web_interface() {
    fmt::print(stderr, "ccr: {}.\n", gateway::kNoWebInterface);
    return kUsage;
}

int unknown(const std::string& word, const config::Environment& environment) {
    std::vector<std::string> names{"code", "version", "help"};
    for (const Command& command : kCommands) names.emplace_back(command.name);
    for (const auto& preset : manifest::list_presets(paths_of(environment).home))
        names.push_back(preset.id);
    fmt::print(stderr, "ccr: there is no command \"{}\"{}.\n`ccr help` lists them.\n", word,
               config::did_you_mean(config::nearest(word, names)));
    return kFailed;
}

int run_own(const Command& command, const Arguments& rest, const Options& leading,
            const config::Environment& environment) {
    const auto options = parse_options(std::string(command.name), rest, leading);
    return options ? command.run(*options, environment) : options.error();
}

int answer(const std::string& word, Arguments rest, const Options& leading,
           const config::Environment& environment) {
    if (word == "code") return code_command(leading, environment, std::move(rest));
    const auto own = std::ranges::find(kCommands, word, &Command::name);
    if (own != kCommands.end()) return run_own(*own, rest, leading, environment);
    if (word == "help" || is_among(word, kHelp)) return print_help(kDone, environment);
    if (word == "version" || is_among(word, kVersion)) return print_version();
    if (word == "__complete") return complete_command_line(rest, environment);
    if (word == "ui") return no_web_interface();
    if (manifest::is_installed(paths_of(environment).home, word)) {
        Options options = leading;
        options.launched_preset = word;
        return code_command(options, environment, std::move(rest));
    }
    return unknown(word, environment);
}

// What no command expected, by its own words.
int unexpected(const std::exception& what) {
    const std::string text = redact::text(what.what());
    std::fputs(("ccr: this failed unexpectedly: " + text + "\n").c_str(), stderr);
    return kFailed;
}

}  // namespace

std::string help_text(bool colored) {
    const auto heading = [&](std::string_view text) {
        return fmt::format("\n{}\n", styled(Style::bold, text, colored));
    };
    const auto line = [](std::string_view name, std::string_view summary) {
        return fmt::format("  {:<15} {}\n", name, summary);
    };
    std::string out =
        "Routes the requests of coding clients to any model.\n\n"
        "Usage: ccr [--config PATH] [--port N] <command> [...]\n";
    std::string_view group;
    for (const CommandLine& command : command_lines()) {
        if (command.group.empty()) continue;
        if (command.group != group) {
            out += heading(command.group);
            if (group.empty()) {
                out += line("code [args...]", "Starts the client through ccr");
                out += line("PRESET [...]", "The same with a preset's configuration");
            }
            group = command.group;
        }
        out += line(command.name, command.summary);
    }
    out += line("version, help", "Prints the version, this text");
    out += heading("Examples");
    out +=
        "  ccr code -p \"What does this repository do?\"\n"
        "  ccr model set think deepseek,deepseek-reasoner\n"
        "  eval \"$(ccr activate)\"\n";
    out +=
        "\n`ccr <command> --help` tells what a command takes. The configuration is\n"
        "~/.claude-code-router/config.json, or what --config or CCR_CONFIG names.\n";
    return out;
}

int dispatch(Arguments arguments, const config::Environment& environment) {
    const auto leading = take_leading_options(arguments);
    if (!leading) {
        fmt::print(stderr, "ccr: {}.\n", leading.error());
        return kUsage;
    }
    if (arguments.empty()) return print_help(kFailed, environment);
    const std::string word = arguments.front();
    arguments.erase(arguments.begin());
    // Of a process that serves an exception is a crash, which the next start tells of.
    if (word == "start" || word == "demo")
        return answer(word, std::move(arguments), *leading, environment);
    try {
        return answer(word, std::move(arguments), *leading, environment);
    } catch (const std::exception& what) {
        return unexpected(what);
    }
}

}  // namespace ccr::cli
