#include "cli/log_lines.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>

#include "json/document.h"
#include "net/socket_calls.h"

namespace ccr::cli {
namespace {

constexpr int kInfo = 30, kWarn = 40, kError = 50;

std::vector<std::string> files_with(const std::string& directory, std::string_view start) {
    std::vector<std::string> out;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(start) && name.find(".log") != std::string::npos)
            out.push_back(entry.path().string());
    }
    std::ranges::sort(out);
    return out;
}

int level_of_event(json::View line) {
    if (line["event"].text().equals("settled") && line["outcome"].text().equals("error"))
        return kError;
    return line["refused"] || line["error"] ? kWarn : kInfo;
}

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(in), {}};
}

// Calls `take` with each whole line, from the last one to the first, until it says no.
void from_the_end(std::string_view text, const std::function<bool(std::string_view)>& take) {
    std::size_t end = text.rfind('\n');
    while (end != std::string_view::npos && end > 0) {
        const std::size_t before = text.rfind('\n', end - 1);
        const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
        if (end > begin && !take(text.substr(begin, end - begin))) return;
        end = before;
    }
}

void forward(std::string_view text, const std::function<void(std::string_view)>& take) {
    while (true) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) return;
        take(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
}

void sort_by_time(std::vector<LogLine>& lines) {
    std::ranges::stable_sort(lines, {}, &LogLine::time);
}

std::vector<LogLine> last_of(std::vector<std::string> files, LogFilter& filter, std::size_t most) {
    std::deque<LogLine> found;
    for (auto file = files.rbegin(); file != files.rend() && found.size() < most; ++file) {
        from_the_end(content_of(*file), [&](std::string_view text) {
            LogLine line;
            if (read_log_line(text, line) && filter.takes(line)) found.push_front(std::move(line));
            return found.size() < most;
        });
    }
    return {std::make_move_iterator(found.begin()), std::make_move_iterator(found.end())};
}

// A request's lines may stand in both logs, its first one in the application's.
std::vector<LogLine> all_of(const Paths& paths, LogFilter& filter) {
    std::vector<LogLine> out;
    const std::string& wanted = filter.request.empty() ? filter.session : filter.request;
    for (const auto& files : {application_logs(paths), server_logs(paths)}) {
        for (const std::string& file : files) {
            forward(content_of(file), [&](std::string_view text) {
                LogLine line;
                const bool may_be =
                    text.find(wanted) != std::string_view::npos || !filter.requests.empty();
                if (may_be && read_log_line(text, line) && filter.takes(line))
                    out.push_back(std::move(line));
            });
        }
    }
    return out;
}

}  // namespace

bool read_log_line(std::string_view text, LogLine& out) {
    thread_local json::Document document;
    const auto root = document.parse(text);
    if (!root || !root->is_object()) return false;
    const auto time = (*root)["time"].integer();
    if (!time) return false;
    out.time = *time;
    out.is_application = static_cast<bool>((*root)["event"]);
    out.level = out.is_application ? level_of_event(*root)
                                   : static_cast<int>((*root)["level"].integer().value_or(kInfo));
    out.request = (*root)[out.is_application ? "request" : "reqId"].text().decode();
    out.json = std::string(text);
    return true;
}

bool LogFilter::takes(const LogLine& line) {
    if (!request.empty() && line.request != request) return false;
    if (!session.empty() && !requests.contains(line.request)) {
        if (line.request.empty() || line.json.find(session) == std::string::npos) return false;
        json::Document document;
        const auto root = document.parse(line.json);
        if (!root || !(*root)["session"].text().equals(session)) return false;
        requests.insert(line.request);
    }
    return line.level >= level;
}

std::vector<std::string> server_logs(const Paths& paths) {
    return files_with(paths.logs, "ccr-");
}

std::vector<std::string> application_logs(const Paths& paths) {
    std::vector<std::string> out = files_with(paths.home, "claude-code-router.log");
    // The one in use has the shortest name.
    if (!out.empty() && out.front().ends_with(".log")) std::ranges::rotate(out, out.begin() + 1);
    return out;
}

std::vector<LogLine> last_lines(const Paths& paths, LogFilter& filter, std::size_t most) {
    std::vector<LogLine> out;
    if (filter.is_of_requests()) {
        out = all_of(paths, filter);
    } else {
        out = last_of(server_logs(paths), filter, most);
        for (LogLine& line : last_of(application_logs(paths), filter, most))
            out.push_back(std::move(line));
    }
    sort_by_time(out);
    if (out.size() > most) out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(most));
    return out;
}

LogFollower::LogFollower(const Paths& paths) : paths_(paths) {
    for (const auto& files : {server_logs(paths_), application_logs(paths_)}) {
        for (const std::string& file : files) {
            struct stat found{};
            if (::stat(file.c_str(), &found) == 0)
                positions_[{found.st_dev, found.st_ino}].offset =
                    static_cast<std::uint64_t>(found.st_size);
        }
    }
}

std::vector<LogLine> LogFollower::next(LogFilter& filter) {
    std::vector<LogLine> out;
    for (const auto& files : {application_logs(paths_), server_logs(paths_)}) {
        for (const std::string& file : files) read(file, filter, out);
    }
    sort_by_time(out);
    return out;
}

void LogFollower::read(const std::string& path, LogFilter& filter, std::vector<LogLine>& out) {
    const net::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat found{};
    if (!file || ::fstat(file.get(), &found) != 0) return;
    // A renamed file is the same one; a number that a new file was given anew begins at its start.
    Position& at = positions_[{found.st_dev, found.st_ino}];
    if (static_cast<std::uint64_t>(found.st_size) < at.offset) at = {};
    std::array<char, 65536> chunk{};
    while (true) {
        const ssize_t got =
            ::pread(file.get(), chunk.data(), chunk.size(), static_cast<off_t>(at.offset));
        if (got <= 0) break;
        at.offset += static_cast<std::uint64_t>(got);
        at.partial.append(chunk.data(), static_cast<std::size_t>(got));
    }
    const std::size_t whole = at.partial.rfind('\n');
    if (whole == std::string::npos) return;
    forward(std::string_view(at.partial).substr(0, whole + 1), [&](std::string_view text) {
        LogLine line;
        if (read_log_line(text, line) && filter.takes(line)) out.push_back(std::move(line));
    });
    at.partial.erase(0, whole + 1);
}

}  // namespace ccr::cli
