#include "cli/router_file.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <vector>

#include "cli/private_file.h"
#include "config/project_routing.h"

namespace ccr::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBackups = 3;

std::string real_path(const std::string& path) {
    std::error_code failed;
    const fs::path real = fs::canonical(path, failed);
    return failed ? fs::absolute(path, failed).lexically_normal().string() : real.string();
}

Result<std::string> project_of(const Options& options, const Surroundings& here) {
    if (options.project.empty() && !options.session.empty()) {
        config::ProjectRoutings known(here.paths.user_home + "/.claude/projects", here.paths.home,
                                      here.environment, [](const std::string&) {});
        const auto found = known.of(options.session, std::make_shared<const config::Config>());
        if (!found.project.empty()) return found.project;
    }
    const std::string& given = options.project;
    std::error_code failed;
    const bool is_name = !given.empty() && given.find('/') == std::string::npos &&
                         given.starts_with('-') && !fs::is_directory(given, failed);
    if (is_name && config::is_session_id(given)) return given;
    const std::string directory = real_path(given.empty() ? "." : given);
    if (!fs::is_directory(directory, failed))
        return fail(ErrorKind::invalid_request,
                    fmt::format("{} is no directory, and no folder's name of Claude Code's, which "
                                "begins with '-'.",
                                given));
    return project_name(directory);
}

// The newest stay; their names sort by time.
void prune_backups(const fs::path& path) {
    const std::string name = path.filename().string();
    std::vector<fs::path> backups;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(path.parent_path(), failed)) {
        const std::string other = entry.path().filename().string();
        if (other.starts_with(name + ".") && other.ends_with(".bak"))
            backups.push_back(entry.path());
    }
    std::ranges::sort(backups, std::greater());
    for (std::size_t i = kBackups; i < backups.size(); ++i) fs::remove(backups[i], failed);
}

std::string timestamp() {
    using namespace std::chrono;
    const auto now = system_clock::now();
    const auto ms = duration_cast<milliseconds>(now.time_since_epoch()).count() % 1000;
    return fmt::format("{:%Y-%m-%dT%H-%M-%S}-{:03}Z", fmt::gmtime(system_clock::to_time_t(now)),
                       ms);
}

}  // namespace

std::string project_name(const std::string& directory) {
    std::string out = directory;
    for (char& c : out) {
        const bool stays =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!stays) c = '-';
    }
    return out;
}

Result<RouterFile> router_file_of(const Options& options, const Surroundings& here,
                                  bool always_project) {
    RouterFile out;
    const bool narrows = always_project || !options.project.empty() || !options.session.empty();
    if (!narrows) {
        out.path = here.config_file;
        return out;
    }
    if (!options.session.empty() && !config::is_session_id(options.session))
        return fail(ErrorKind::invalid_request,
                    fmt::format("\"{}\" is no session's id.", options.session));
    TRY(out.project, project_of(options, here));
    out.session = options.session;
    out.path = fmt::format("{}/{}/{}.json", here.paths.home, out.project,
                           out.session.empty() ? "config" : out.session);
    return out;
}

Result<void> write_router_file(const RouterFile& file, const std::string& before,
                               const std::string& after) {
    const fs::path path = real_path(file.path);
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    if (file.project.empty() && !before.empty()) {
        TRY_DO(write_private_file(fmt::format("{}.{}.bak", path.string(), timestamp()), before));
        prune_backups(path);
    }
    return write_private_file(path.string(), after);
}

}  // namespace ccr::cli
