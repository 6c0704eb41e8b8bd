// `ccr config check`: everything that is odd about a configuration, one line each.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/config_actions.h"
#include "cli/exit_codes.h"
#include "cli/terminal.h"
#include "config/read_file.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;
using config::Severity;

std::string_view word_of(Severity severity) {
    if (severity == Severity::note) return "note";
    return severity == Severity::warning ? "warning" : "error";
}

std::size_t count(const std::vector<config::Finding>& findings, Severity severity) {
    return static_cast<std::size_t>(
        std::ranges::count(findings, severity, &config::Finding::severity));
}

Json as_json(const std::string& file, const std::vector<config::Finding>& findings) {
    Json out{{"file", file},
             {"errors", count(findings, Severity::error)},
             {"warnings", count(findings, Severity::warning)},
             {"findings", Json::array()}};
    for (const config::Finding& finding : findings) {
        Json one{{"severity", word_of(finding.severity)},
                 {"code", finding.code},
                 {"message", finding.message}};
        if (finding.place.line > 0) one["line"] = finding.place.line;
        if (finding.place.line > 0) one["column"] = finding.place.column;
        out["findings"].push_back(std::move(one));
    }
    return out;
}

std::string counted(std::size_t number, std::string_view word) {
    return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

void print_text(const std::string& file, const std::vector<config::Finding>& findings,
                bool colored) {
    for (const config::Finding& finding : findings)
        fmt::print("{}\n", colored_finding(finding, colored));
    const std::size_t errors = count(findings, Severity::error);
    const std::size_t warnings = count(findings, Severity::warning);
    if (errors + warnings == 0)
        fmt::print("{}: {}\n", file, styled(Style::green, "good", colored));
    else
        fmt::print("{}: {}, {}\n", file, counted(errors, "error"), counted(warnings, "warning"));
}

int print_broken(const std::string& file, const Error& error, bool as_json) {
    if (!as_json) return report(error);
    Json out{{"file", file}, {"errors", 1}, {"warnings", 0}};
    out["findings"].push_back(
        {{"severity", "error"}, {"code", "unreadable"}, {"message", error.message}});
    fmt::print("{}\n", out.dump(2, ' ', false, Json::error_handler_t::replace));
    return kFailed;
}

}  // namespace

std::string colored_finding(const config::Finding& finding, bool colored) {
    const std::string line = to_string(finding);
    const std::string word = fmt::format(": {}: ", word_of(finding.severity));
    const std::size_t at = line.find(word);
    if (!colored || at == std::string::npos) return line;
    const Style style = finding.severity == Severity::error     ? Style::red
                        : finding.severity == Severity::warning ? Style::yellow
                                                                : Style::cyan;
    return line.substr(0, at) + ": " + styled(style, word_of(finding.severity), true) + ": " +
           line.substr(at + word.size());
}

int check_config(const Options& options, const Surroundings& here) {
    const std::string file = options.file.empty() ? here.config_file : options.file;
    const auto text = config::read_file(file);
    if (!text) return print_broken(file, text.error(), options.json);
    if (!*text && !options.file.empty())
        return print_broken(file, make_error(ErrorKind::config, file + " is not there."),
                            options.json);
    const auto config = config::parse_config(text->value_or("{}"), file, here.environment);
    if (!config) return print_broken(file, config.error(), options.json);
    const auto& findings = config->findings;
    if (options.json)
        fmt::print("{}\n",
                   as_json(file, findings).dump(2, ' ', false, Json::error_handler_t::replace));
    else
        print_text(file, findings, takes_colors(STDOUT_FILENO, here.environment));
    const bool fails = count(findings, Severity::error) > 0 ||
                       (options.strict && count(findings, Severity::warning) > 0);
    return fails ? kFailed : kDone;
}

}  // namespace ccr::cli
