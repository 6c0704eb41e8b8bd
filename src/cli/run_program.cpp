#include "cli/run_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace ccr::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostKept = 64 * 1024;
constexpr std::size_t kTold = 400;
constexpr rlim_t kLargestFile = 256u << 20;
constexpr int kNotStarted = 127;

// A hook of git's calls other programs with these set, and they would lead into its repository.
constexpr auto kOfAnotherRepository = std::to_array<const char*>(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
     "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
     "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT", "GIT_TEMPLATE_DIR",
     "GIT_SHALLOW_FILE", "GIT_QUARANTINE_PATH"});

[[noreturn]] void become(std::vector<char*>& pointers, const std::string& directory, int output,
                         int errors) {
    ::setpgid(0, 0);
    const rlimit limit{kLargestFile, kLargestFile};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    // A password is not asked for by a program that nobody sees.
    ::setenv("GIT_TERMINAL_PROMPT", "0", 1);
    for (const char* name : kOfAnotherRepository) ::unsetenv(name);
    if (::chdir(directory.c_str()) == 0) ::execvp(pointers[0], pointers.data());
    ::_exit(kNotStarted);
}

bool open_pipe(std::array<int, 2>& ends) {
    if (::pipe(ends.data()) != 0) return false;
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    return true;
}

/// A program under way; ended with the object.
class Program {
  public:
    Program(const std::vector<std::string>& arguments, const std::string& directory) {
        std::array<int, 2> out{-1, -1}, err{-1, -1};
        if (!open_pipe(out) || !open_pipe(err)) return;
        std::vector<char*> pointers;
        for (const std::string& argument : arguments)
            pointers.push_back(const_cast<char*>(argument.c_str()));
        pointers.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0) become(pointers, directory, out[1], err[1]);
        ::close(out[1]);
        ::close(err[1]);
        ends_ = {{{out[0], POLLIN, 0}, {err[0], POLLIN, 0}}};
    }
    ~Program() {
        for (const pollfd& end : ends_) {
            if (end.fd >= 0) ::close(end.fd);
        }
        if (pid_ <= 0) return;
        ::kill(-pid_, SIGKILL);
        wait();
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// False when the time is over first.
    bool read(Clock::time_point end) {
        while (ends_[0].fd >= 0 || ends_[1].fd >= 0) {
            const auto left =
                std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
            if (left.count() <= 0) return false;
            if (::poll(ends_.data(), ends_.size(), static_cast<int>(left.count())) < 0 &&
                errno != EINTR)
                return false;
            for (std::size_t i = 0; i < ends_.size(); ++i) {
                if (ends_[i].revents != 0) take(ends_[i], i == 0 ? output : errors);
            }
        }
        return true;
    }

    int wait() {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        pid_ = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    bool started() const { return pid_ > 0; }

    std::string output, errors;

  private:
    static void take(pollfd& end, std::string& into) {
        std::array<char, 4096> chunk{};
        const ssize_t got = ::read(end.fd, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) return;
        if (got <= 0) {
            ::close(end.fd);
            end.fd = -1;
            return;
        }
        if (into.size() < kMostKept) into.append(chunk.data(), static_cast<std::size_t>(got));
    }

    pid_t pid_ = -1;
    std::array<pollfd, 2> ends_{{{-1, 0, 0}, {-1, 0, 0}}};
};

std::string end_of(std::string text) {
    while (text.ends_with('\n')) text.pop_back();
    return text.size() > kTold ? "... " + text.substr(text.size() - kTold) : text;
}

}  // namespace

Result<std::string> run_program(const std::vector<std::string>& arguments,
                                const std::string& directory, std::chrono::seconds time) {
    Program program(arguments, directory);
    if (!program.started())
        return fail(ErrorKind::config, fmt::format("{} could not be started", arguments[0]));
    if (!program.read(Clock::now() + time))
        return fail(ErrorKind::config,
                    fmt::format("{} did not end within {} s", arguments[0], time.count()));
    const int code = program.wait();
    if (code == kNotStarted && program.errors.empty())
        return fail(
            ErrorKind::config,
            fmt::format("the program {} is needed and was not found; install it", arguments[0]));
    if (code != 0)
        return fail(ErrorKind::config,
                    fmt::format("{} failed: {}", arguments[0], end_of(program.errors)));
    return std::move(program.output);
}

}  // namespace ccr::cli
