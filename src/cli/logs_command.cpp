// `ccr logs`: the server's and the application's log as one, for a person or as they are.
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/log_lines.h"
#include "cli/log_text.h"
#include "cli/surroundings.h"
#include "cli/terminal.h"
#include "config/nearest.h"

namespace ccr::cli {
namespace {

constexpr std::size_t kUsualLines = 50;
constexpr std::size_t kAll = 1'000'000;
constexpr std::chrono::milliseconds kPause{150};

struct NamedLevel {
    std::string_view name;
    int level;
};
constexpr std::array kLevels = std::to_array<NamedLevel>(
    {{"trace", 10}, {"debug", 20}, {"info", 30}, {"warn", 40}, {"error", 50}, {"fatal", 60}});

Result<int> level_named(const std::string& name) {
    if (name.empty()) return 0;
    std::vector<std::string> known;
    for (const NamedLevel& one : kLevels) {
        if (one.name == name) return one.level;
        known.emplace_back(one.name);
    }
    return fail(
        ErrorKind::invalid_request,
        fmt::format("There is no level \"{}\"{}; there are {}.", name,
                    config::did_you_mean(config::nearest(name, known)), fmt::join(known, ", ")));
}

class Printer {
  public:
    Printer(const Options& options, const config::Environment& environment)
        : as_json_(options.json), is_terminal_(::isatty(STDOUT_FILENO) == 1) {
        style_.colored = takes_colors(STDOUT_FILENO, environment);
        style_.with_date = !is_terminal_;
        style_.with_story = !options.request.empty();
    }

    void print(const std::vector<LogLine>& lines) {
        for (const LogLine& line : lines) print(line);
        std::fflush(stdout);
    }

  private:
    void print(const LogLine& line) {
        if (as_json_) {
            fmt::print("{}\n", line.json);
            return;
        }
        if (std::string day = day_of(line.time); is_terminal_ && day != day_) {
            fmt::print("{}\n", styled(Style::bold, day, style_.colored));
            day_ = std::move(day);
        }
        fmt::print("{}", text_of(line, style_));
    }

    bool as_json_, is_terminal_;
    LogStyle style_;
    std::string day_;
};

int nothing_found(const Options& options, const Paths& paths) {
    const bool is_request = !options.request.empty();
    fmt::print(stderr, "The logs in {} know no {} {}.\n", shortened(paths, paths.home),
               is_request ? "request" : "session", is_request ? options.request : options.session);
    return kFailed;
}

}  // namespace

int logs_command(const Options& options, const config::Environment& environment) {
    const Paths paths = surroundings_of(options, environment).paths;
    LogFilter filter{options.request, options.session, 0, {}};
    const auto level = level_named(options.level);
    if (!level) {
        report(level.error());
        return kUsage;
    }
    filter.level = *level;
    Printer printer(options, environment);
    LogFollower follower(paths);  // first, so that nothing is lost in between
    const std::size_t usual = filter.is_of_requests() ? kAll : kUsualLines;
    const auto lines = last_lines(paths, filter, options.lines.value_or(usual));
    printer.print(lines);
    if (!options.follow) {
        if (lines.empty() && filter.is_of_requests()) return nothing_found(options, paths);
        if (lines.empty())
            fmt::print(stderr, "Nothing was logged in {}.\n", shortened(paths, paths.logs));
        return kDone;
    }
    // What came between the follower's look and the reading is in both.
    std::set<std::string, std::less<>> told;
    for (const LogLine& line : lines) told.insert(line.json);
    while (true) {
        std::this_thread::sleep_for(kPause);
        std::vector<LogLine> more = follower.next(filter);
        std::erase_if(more, [&](const LogLine& line) { return told.contains(line.json); });
        printer.print(more);
        told.clear();
    }
}

}  // namespace ccr::cli
