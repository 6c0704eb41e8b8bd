#include "cli/paths.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace ccr::cli {
namespace {

constexpr std::string_view kLongestSocketName = "/ccr-65535.sock";

std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

// A socket's address holds about a hundred bytes. The short place follows from the user and the
// long path alone, so every command finds the same one.
std::string socket_directory(const std::string& run) {
    constexpr std::size_t kLimit = sizeof(sockaddr_un::sun_path) - 1;
    if (run.size() + kLongestSocketName.size() <= kLimit) return run;
    return fmt::format("/tmp/ccr-{}-{:012x}", ::geteuid(), fnv1a(run) & 0xffffffffffffULL);
}

std::unexpected<Error> cannot_use(const std::string& path, const std::string& reason) {
    return fail(
        ErrorKind::config,
        fmt::format("Cannot use the directory {}: {}. Check HOME and the owner of that directory.",
                    path, reason));
}

Result<void> ensure_directory(const std::string& path) {
    std::error_code failed;
    if (std::filesystem::is_directory(path, failed)) return {};
    const auto parent = std::filesystem::path(path).parent_path();
    if (!parent.empty()) std::filesystem::create_directories(parent, failed);
    if (::mkdir(path.c_str(), 0700) == 0) return {};
    const int reason = errno;
    if (reason == EEXIST && std::filesystem::is_directory(path, failed)) return {};
    return cannot_use(path, std::generic_category().message(reason));
}

}  // namespace

Paths paths_of(const config::Environment& environment) {
    Paths paths;
    paths.home = config::home_directory(environment);
    paths.user_home = std::filesystem::path(paths.home).parent_path().string();
    paths.run = paths.home + "/run";
    paths.sockets = socket_directory(paths.run);
    paths.pid_file = paths.home + "/.claude-code-router.pid";
    paths.logs = paths.home + "/logs";
    paths.plugins = paths.home + "/plugins";
    paths.presets = paths.home + "/presets";
    paths.settings = paths.run + "/settings";
    paths.state = paths.home + "/state.sqlite";
    return paths;
}

Result<void> ensure_private_directory(const std::string& path) {
    TRY_DO(ensure_directory(path));
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0)
        return cannot_use(path, std::generic_category().message(errno));
    if (!S_ISDIR(found.st_mode)) return cannot_use(path, "it is a link or no directory");
    if (found.st_uid != ::geteuid()) return cannot_use(path, "it belongs to another user");
    if ((found.st_mode & 0777) != 0700 && ::chmod(path.c_str(), 0700) != 0) {
        return cannot_use(path, std::generic_category().message(errno));
    }
    return {};
}

Result<void> ensure_directories(const Paths& paths) {
    for (const std::string* path : {&paths.home, &paths.logs, &paths.plugins, &paths.presets}) {
        TRY_DO(ensure_directory(*path));
    }
    for (const std::string* path : {&paths.run, &paths.settings, &paths.sockets}) {
        TRY_DO(ensure_private_directory(*path));
    }
    return {};
}

std::string shortened(const Paths& paths, const std::string& path) {
    if (paths.user_home.size() < 2 || !path.starts_with(paths.user_home + "/")) return path;
    return "~" + path.substr(paths.user_home.size());
}

}  // namespace ccr::cli
