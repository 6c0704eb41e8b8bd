#include "cli/daemon.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "base/ids.h"
#include "cli/own_binary.h"
#include "cli/starter.h"
#include "net/socket_calls.h"

extern char** environ;

namespace ccr::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = 15s;  // a start that waits for a stopping service included
constexpr std::size_t kInstanceBytes = 16;

// Program, arguments and environment as execve() takes them.
struct Invocation {
    std::string program;
    std::vector<std::string> arguments, variables;

    static std::vector<char*> pointers(std::vector<std::string>& texts) {
        std::vector<char*> out;
        for (std::string& text : texts) out.push_back(text.data());
        out.push_back(nullptr);
        return out;
    }
};

Invocation invocation_of(const Surroundings& here, const std::string& predecessor) {
    Invocation call;
    call.program = own_binary();
    call.arguments = {"ccr", "start", "--config", here.config_file};
    if (here.port_is_explicit) {
        call.arguments.insert(call.arguments.end(),
                              {"--port", here.environment("SERVICE_PORT").value_or("")});
    }
    for (char** variable = environ; *variable != nullptr; ++variable)
        call.variables.emplace_back(*variable);
    call.variables.push_back(fmt::format("{}={}", kInstanceVariable, random_hex(kInstanceBytes)));
    if (!predecessor.empty())
        call.variables.push_back(fmt::format("{}={}", kPredecessorVariable, predecessor));
    return call;
}

// A daemon must not keep a caller's pipes open: whoever waits for their end would wait for ever.
void close_inherited() {
    std::vector<int> open;
    if (DIR* listed = ::opendir("/dev/fd")) {
        while (const dirent* entry = ::readdir(listed)) {
            int number = -1;
            const std::string_view name = entry->d_name;
            std::from_chars(name.data(), name.data() + name.size(), number);
            if (number > STDERR_FILENO) open.push_back(number);
        }
        ::closedir(listed);
    }
    for (const int number : open) ::close(number);
}

[[noreturn]] void become_service(Invocation& call, int report) {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    const int nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(nowhere, STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(report, STDERR_FILENO);
    close_inherited();
    [[maybe_unused]] const int moved = ::chdir("/");
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execve(call.program.c_str(), Invocation::pointers(call.arguments).data(),
             Invocation::pointers(call.variables).data());
    const std::string failure =
        fmt::format("Cannot run {}: {}.\n", call.program, std::generic_category().message(errno));
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, failure.data(), failure.size());
    ::_exit(1);
}

Result<net::Descriptor> launch(const Surroundings& here, const std::string& predecessor) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        return fail(ErrorKind::internal,
                    fmt::format("Cannot make a pipe: {}.", std::generic_category().message(errno)));
    }
    net::Descriptor read_end(ends[0]);
    const net::Descriptor write_end(ends[1]);
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    Invocation call = invocation_of(here, predecessor);
    const pid_t child = ::fork();
    if (child == 0) become_service(call, write_end.get());
    if (child < 0) {
        return fail(ErrorKind::internal, fmt::format("Cannot start a process: {}.",
                                                     std::generic_category().message(errno)));
    }
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    return read_end;
}

Error not_ready(std::string output, bool ended) {
    while (!output.empty() && (output.back() == '\n' || output.back() == ' ')) output.pop_back();
    if (!output.empty() && ended) return make_error(ErrorKind::config, output);
    return make_error(
        ErrorKind::config,
        fmt::format("The service {}. Run `ccr start` in the foreground to see why.",
                    ended ? "ended before it was ready"
                          : fmt::format("was not ready within {} seconds", kPatience.count())));
}

// The instance id that the service announces.
Result<std::string> wait_for_ready(int report) {
    const auto until = Clock::now() + kPatience;
    std::string output;
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
        pollfd watched{report, POLLIN, 0};
        const int ready = left <= 0 ? 0 : ::poll(&watched, 1, static_cast<int>(left));
        if (ready == 0) return std::unexpected(not_ready(std::move(output), false));
        std::array<char, 4096> chunk{};
        const ssize_t got = ready < 0 ? -1 : ::read(report, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::unexpected(not_ready(std::move(output), true));
        output.append(chunk.data(), static_cast<std::size_t>(got));
        if (auto instance = announced_instance(output)) return *std::move(instance);
    }
}

}  // namespace

Result<Instance> start_daemon(const Surroundings& here, const std::string& predecessor) {
    TRY(const net::Descriptor report, launch(here, predecessor));
    TRY(const std::string id, wait_for_ready(report.get()));
    const std::vector<Instance> instances = running_instances(here.paths);
    const auto found = std::ranges::find_if(
        instances, [&](const Instance& instance) { return instance.status.instance == id; });
    if (found != instances.end()) return *found;
    return fail(ErrorKind::internal,
                "The service became ready but does not answer on its control socket. Run `ccr "
                "start` in the "
                "foreground to see why.");
}

Result<Instance> ensure_running(const Surroundings& here, const config::Config& config,
                                bool& started) {
    started = false;
    const Wanted what{config.listen.port, here.port_is_explicit, here.config_file};
    if (auto running = find_instance(here.paths, what);
        running && running->status.state == "ready") {
        return *std::move(running);
    }
    started = true;
    return start_daemon(here);
}

}  // namespace ccr::cli
