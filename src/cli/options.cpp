#include "cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <map>

#include "cli/exit_codes.h"

namespace ccr::cli {
namespace {

struct Accepted {
    std::string_view description;
    bool config = true;
    bool port = true;
    bool daemon = false;
    bool json = false;
    std::string_view words = {};  // what they are, where the command takes any
    bool counts = false;          // --encoding, --model and a file
    bool explains = false;        // --header, --body and a file
    bool narrows = false;         // --project and --session
};

const std::map<std::string, Accepted, std::less<>>& accepted() {
    static const std::map<std::string, Accepted, std::less<>> kByCommand{
        {"start", {.description = "Starts the service", .daemon = true}},
        {"stop", {.description = "Stops the running service"}},
        {"restart", {.description = "Stops the running service and starts it again"}},
        {"status", {.description = "Tells whether the service runs, and how", .json = true}},
        {"activate", {.description = "Prints the environment of `ccr code` for eval"}},
        {"lessons",
         {.description = "Shows what refusals of providers taught",
          .json = true,
          .words = "nothing for the list; `remove N` for one; `clear` for all"}},
        {"plugins",
         {.description = "Lists your own JavaScript and how it fares in the running service",
          .json = true}},
        {"tokens",
         {.description = "Counts the tokens of a file, by default for the model of Router.default",
          .port = false,
          .json = true,
          .counts = true}},
        {"explain",
         {.description = "Tells where a request would go and why; nothing is sent",
          .port = false,
          .json = true,
          .explains = true}},
        {"project",
         {.description = "Shows or sets the Router of a project, by default of this directory",
          .port = false,
          .json = true,
          .words = "nothing to show it; `set ROUTE PROVIDER,MODEL`; `unset ROUTE`",
          .narrows = true}},
        {"model",
         {.description = "Shows or sets where requests go",
          .port = false,
          .json = true,
          .words = "nothing to show it; `set [ROUTE] PROVIDER,MODEL`, by default of `default`; "
                   "`unset ROUTE`",
          .narrows = true}},
        {"statusline",
         {.description = "Prints a status line for Claude Code (docs/statusline.md)"}},
        {"demo",
         {.description = "Serves the demo provider alone, in the foreground", .config = false}},
    };
    return kByCommand;
}

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

void add_counting(CLI::App& app, Options& options) {
    app.add_option("--encoding", options.encoding,
                   "cl100k_base, o200k_base or the path of a tokenizer.json")
        ->type_name("E");
    app.add_option("--fetch", options.fetch,
                   "Download the tokenizer.json of a model on the hub, or of a URL, once")
        ->type_name("NAME|URL");
    app.add_option("--model", options.model, "As this model counts")->type_name("PROVIDER,MODEL");
    app.add_option("file", options.file, "What to count; - is standard input")->type_name("FILE");
}

void add_explaining(CLI::App& app, Options& options) {
    app.add_option("-H,--header", options.headers, "A header of the request: \"name: value\"")
        ->type_name("HEADER")
        ->allow_extra_args(false);
    app.add_flag("--body", options.show_body,
                 "Print the body that would be sent; with --json, in each target");
    app.add_option("request", options.file,
                   "A request's body or a recorded request as JSON; - is standard input; or the "
                   "id of a past request (req_...)")
        ->type_name("FILE|ID");
}

void add_narrowing(CLI::App& app, Options& options) {
    app.add_option("--project", options.project, "The project's directory, or its folder's name")
        ->type_name("PROJECT");
    app.add_option("--session", options.session, "One session of the project")->type_name("ID");
}

int print_outcome(const CLI::App& app, const CLI::ParseError& outcome) {
    if (outcome.get_exit_code() == 0) {
        fmt::print("{}", app.help());
        return kDone;
    }
    fmt::print(stderr, "{}: {}\n{}", app.get_name(), outcome.what(), app.help());
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
    const auto found = accepted().find(command);
    const Accepted takes = found == accepted().end() ? Accepted{} : found->second;
    CLI::App app(std::string(takes.description), "ccr " + command);
    if (takes.config)
        app.add_option("--config", options.config_file, "Configuration file")->type_name("PATH");
    std::uint16_t port = options.port.value_or(0);
    CLI::Option* port_option = nullptr;
    if (takes.port)
        port_option = app.add_option("--port", port, "Port; 0 picks a free one")->type_name("N");
    if (takes.daemon)
        app.add_flag("-d,--daemon", options.daemon, "In the background; returns when it is ready");
    if (takes.json) app.add_flag("--json", options.json, "As JSON");
    if (!takes.words.empty())
        app.add_option("action", options.words, std::string(takes.words))->type_name("WORD");
    if (takes.counts) add_counting(app, options);
    if (takes.explains) add_explaining(app, options);
    if (takes.narrows) add_narrowing(app, options);
    try {
        Arguments reversed(arguments.rbegin(), arguments.rend());
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& outcome) {
        return std::unexpected(print_outcome(app, outcome));
    }
    if (port_option != nullptr && port_option->count() > 0) options.port = port;
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
