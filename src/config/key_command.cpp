#include "config/key_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

extern char** environ;

namespace ccr::config {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLargestOutput = 64 * 1024;

std::unexpected<Error> failed(std::string why) {
    return fail(ErrorKind::config, std::move(why));
}

/// A shell under way, in a process group of its own; ended with the object.
class Shell {
  public:
    explicit Shell(const std::string& command) {
        std::array<int, 2> ends{-1, -1};
        if (::pipe(ends.data()) != 0) return;
        output_ = ends[0];
        for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
        spawn(command, ends[1]);
        ::close(ends[1]);
    }
    ~Shell() {
        if (output_ >= 0) ::close(output_);
        if (pid_ <= 0) return;
        ::kill(-pid_, SIGKILL);
        wait();
    }
    Shell(const Shell&) = delete;
    Shell& operator=(const Shell&) = delete;

    bool started() const { return pid_ > 0; }
    int output() const { return output_; }
    /// Its status as waitpid() has it.
    int wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return status;
    }

  private:
    void spawn(const std::string& command, int output) {
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        sigset_t none;
        ::sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
        std::array<std::string, 3> texts{"sh", "-c", command};
        std::array<char*, 4> arguments{texts[0].data(), texts[1].data(), texts[2].data(), nullptr};
        const int failure =
            ::posix_spawn(&pid_, "/bin/sh", &actions, &attributes, arguments.data(), environ);
        if (failure != 0) pid_ = -1;
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
    }

    pid_t pid_ = -1;
    int output_ = -1;
};

Result<std::string> read_output(int from, Clock::time_point until, std::chrono::milliseconds time) {
    std::string text;
    std::array<char, 4096> chunk{};
    while (text.size() <= kLargestOutput) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
        pollfd watched{from, POLLIN, 0};
        const int ready = left <= 0 ? 0 : ::poll(&watched, 1, static_cast<int>(left));
        if (ready == 0) return failed(fmt::format("was not done within {} ms", time.count()));
        const ssize_t got = ready < 0 ? -1 : ::read(from, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return failed("printed more than a key");
}

}  // namespace

Result<std::string> run_key_command(const std::string& command, std::chrono::milliseconds time) {
    Shell shell(command);
    if (!shell.started()) return failed("cannot be started");
    TRY(std::string output, read_output(shell.output(), Clock::now() + time, time));
    const int status = shell.wait();
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return output;
    return failed(fmt::format("failed ({}); run it in a shell to see why",
                              WIFEXITED(status) ? fmt::format("exit code {}", WEXITSTATUS(status))
                                                : fmt::format("signal {}", WTERMSIG(status))));
}

}  // namespace ccr::config
