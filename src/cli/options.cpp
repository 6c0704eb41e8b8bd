#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/command_line.h"
#include "cli/exit_codes.h"
#include "config/nearest.h"

namespace ccr::cli {
namespace {

// The value of `--name VALUE` or `--name=VALUE` at the front, taken off; nullopt when something
// else is there.
std::optional<std::string> take_value(Arguments& arguments, const std::string& name,
                                      std::string& problem) {
    if (arguments.empty()) return std::nullopt;
    const std::string first = arguments.front();
    if (first.starts_with(name + "=")) {
        arguments.erase(arguments.begin());
        return first.substr(name.size() + 1);
    }
    if (first != name) return std::nullopt;
    if (arguments.size() < 2) {
        problem = name + " needs a value";
        return std::nullopt;
    }
    std::string value = arguments[1];
    arguments.erase(arguments.begin(), arguments.begin() + 2);
    return value;
}

// The innermost subcommand that was named, or the command itself.
CLI::App& innermost(CLI::App& app) {
    CLI::App* at = &app;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
    return *at;
}

std::string full_name(const std::string& name, const CLI::App& app, const CLI::App& at) {
    return &app == &at ? name : fmt::format("{} {}", name, at.get_name());
}

// What a word that nothing takes may have been meant to be.
std::string unexpected_word(const std::string& word, const CLI::App& at) {
    std::vector<std::string> known;
    const bool is_option = word.starts_with('-') && word.size() > 1;
    if (is_option) {
        for (const CLI::Option* const option : at.get_options()) {
            for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
        }
        return fmt::format("there is no option {}{}", word,
                           config::did_you_mean(config::nearest(word, known)));
    }
    for (const CLI::App* const sub : at.get_subcommands({})) known.push_back(sub->get_name());
    return fmt::format("\"{}\" is {}{}", word,
                       known.empty() ? "one word too many" : "no subcommand of it",
                       config::did_you_mean(config::nearest(word, known)));
}

std::string complaint(const CLI::App& app, const CLI::App& at, const CLI::ParseError& outcome) {
    const std::vector<std::string> rest = app.remaining(true);
    const bool is_missing = dynamic_cast<const CLI::RequiredError*>(&outcome) != nullptr;
    const bool is_extra = dynamic_cast<const CLI::ExtrasError*>(&outcome) != nullptr;
    // An unknown word in a subcommand's place is told of as the lack of one.
    if ((is_extra || is_missing) && !rest.empty()) return unexpected_word(rest.front(), at);
    const auto subs = at.get_subcommands({});
    if (!is_missing || subs.empty()) return outcome.what();
    std::string names;
    for (const CLI::App* const sub : subs) names += (names.empty() ? "" : ", ") + sub->get_name();
    return "it wants one of " + names;
}

int print_outcome(CLI::App& app, const CLI::ParseError& outcome) {
    if (outcome.get_exit_code() == 0) {
        fmt::print("{}", app.help());
        return kDone;
    }
    const CLI::App& at = innermost(app);
    const std::string name = full_name(app.get_name(), app, at);
    fmt::print(stderr, "{}: {}.\n`{} --help` tells what it takes.\n", name,
               complaint(app, at, outcome), name);
    return kUsage;
}

}  // namespace

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

std::expected<Options, int> parse_options(const std::string& command, const Arguments& arguments,
                                          Options options) {
    const CommandLine* const line = find_command_line(command);
    CLI::App app(line ? std::string(line->summary) : "", "ccr " + command);
    if (line != nullptr) describe(*line, app, options);
    try {
        Arguments reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& outcome) {
        return std::unexpected(print_outcome(app, outcome));
    }
    if (const auto subs = app.get_subcommands(); !subs.empty())
        options.action = subs.front()->get_name();
    return options;
}

std::expected<Options, std::string> take_leading_options(Arguments& arguments) {
    Options options;
    std::string problem;
    while (problem.empty()) {
        if (auto file = take_value(arguments, "--config", problem)) {
            if (file->empty()) problem = "--config needs the path of a file";
            options.config_file = *file;
        } else if (auto port = take_value(arguments, "--port", problem)) {
            options.port = parse_port(*port);
            if (!options.port)
                problem = fmt::format("--port takes a number from 0 to 65535, not \"{}\"", *port);
        } else {
            break;
        }
    }
    if (!problem.empty()) return std::unexpected(problem);
    return options;
}

}  // namespace ccr::cli
