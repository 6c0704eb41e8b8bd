// The lines of the log files: the server's (logs/ccr-*.log) and the application's
// (claude-code-router.log and the full ones beside it), as one sequence by time.
//
// One thread. Files that come, grow, are renamed or vanish meanwhile are nothing special.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/paths.h"

namespace ccr::cli {

struct LogLine {
    std::int64_t time = 0;        // epoch milliseconds
    int level = 0;                // as pino numbers them; an application line's follows its outcome
    bool is_application = false;  // else the server's
    std::string request;          // whose it is, "" = nobody's
    std::string json;             // without the line feed
};

/// A line of a file; false for one that is none of ours.
bool read_log_line(std::string_view text, LogLine& out);

/// What lines are wanted. `requests` grows by those of `session` as their first lines are seen.
struct LogFilter {
    std::string request, session;  // "" = any
    int level = 0;
    std::set<std::string, std::less<>> requests;

    bool takes(const LogLine& line);
    bool is_of_requests() const { return !request.empty() || !session.empty(); }
};

/// Files of one series, oldest first.
std::vector<std::string> server_logs(const Paths& paths);
std::vector<std::string> application_logs(const Paths& paths);

/// The last `most` lines that the filter takes, by time; all of them when it is about requests.
std::vector<LogLine> last_lines(const Paths& paths, LogFilter& filter, std::size_t most);

/// What is written from its construction on.
class LogFollower {
  public:
    explicit LogFollower(const Paths& paths);
    /// Whole lines since the last call, by time.
    std::vector<LogLine> next(LogFilter& filter);

  private:
    struct Position {
        std::uint64_t offset = 0;
        std::string partial;
    };
    void read(const std::string& path, LogFilter& filter, std::vector<LogLine>& out);

    Paths paths_;
    std::map<std::pair<dev_t, ino_t>, Position> positions_;
};

}  // namespace ccr::cli
