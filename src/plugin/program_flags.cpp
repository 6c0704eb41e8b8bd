#include "plugin/program_flags.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <map>
#include <mutex>

#include "net/async.h"
#include "plugin/grants.h"
#include "plugin/spawn.h"

extern char** environ;

namespace ccr::plugin {
namespace {

constexpr auto kTime = std::chrono::seconds(5);
constexpr const char* kAsk =
    "process.stdout.write([...process.allowedNodeEnvironmentFlags].filter((flag) => "
    "/permission$|^--allow-|^--disable-warning$/.test(flag)).join(' '))";

/// What it prints until it ends, or its time does.
std::string output_of(const Spawned& child) {
    std::string out;
    std::array<char, 4096> piece{};
    const auto end = net::Clock::now() + kTime;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - net::Clock::now());
        pollfd watched{child.output, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&watched, 1, static_cast<int>(left.count())) <= 0) break;
        const ssize_t got = ::read(child.output, piece.data(), piece.size());
        if (got <= 0) break;
        out.append(piece.data(), static_cast<std::size_t>(got));
    }
    return out;
}

}  // namespace

Result<std::string> program_flags(const std::string& program) {
    static std::mutex mutex;
    static std::map<std::string, std::string> known;
    const std::lock_guard lock(mutex);
    if (const auto found = known.find(program); found != known.end()) return found->second;
    SpawnWish wish;
    wish.arguments = {program, "-e", kAsk};
    wish.environment = environment_for({}, environ);
    TRY(const Spawned child, spawn(wish));
    std::string flags = output_of(child);
    ::kill(-child.pid, SIGKILL);
    int status = 0;
    ::waitpid(child.pid, &status, 0);
    ::close(child.output);
    // One that is not asked again would be refused for ever.
    if (!flags.empty()) known[program] = flags;
    return flags;
}

}  // namespace ccr::plugin
