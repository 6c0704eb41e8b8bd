#include "plugin/isolated.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>

namespace ccr::plugin {
namespace {

#if defined(__x86_64__)
constexpr unsigned kMachine = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned kMachine = AUDIT_ARCH_AARCH64;
#else
#error "name this machine's AUDIT_ARCH_"
#endif
constexpr unsigned kOtherAbi = 0x40000000;  // x32's calls, by other numbers

enum class Step : std::uint8_t { none, namespaces, identity, filter, program };

/// How a child failed before it became the program.
struct Failure {
    Step step = Step::none;
    int error = 0;
};

/// Texts for execve, and for the child, which must not allocate.
struct Words {
    explicit Words(const std::vector<std::string>& texts) {
        for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
        pointers.push_back(nullptr);
    }
    std::vector<char*> pointers;
};

struct Plan {
    const Words& arguments;
    const Words& environment;
    const std::vector<std::pair<int, int>>& placed;
    std::string user_map, group_map;
    int failures = -1;  // to which the child writes a Failure
};

// In the child, until execve: only what signal-safety(7) lists, and no allocation.

bool put_file(const char* file, const char* text, std::size_t size) {
    const int descriptor = ::open(file, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool done = ::write(descriptor, text, size) == static_cast<ssize_t>(size);
    ::close(descriptor);
    return done;
}

// A user of its own namespace may leave the network; root may without one.
bool leave_network(bool& is_mapped) {
    is_mapped = ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
    return is_mapped || ::unshare(CLONE_NEWNET) == 0;
}

// Unmapped, it could make no file (user_namespaces(7)).
bool keep_identity(const Plan& plan) {
    put_file("/proc/self/setgroups", "deny", 4);  // not there before Linux 3.19
    return put_file("/proc/self/uid_map", plan.user_map.data(), plan.user_map.size()) &&
           put_file("/proc/self/gid_map", plan.group_map.data(), plan.group_map.size());
}

// Sockets of the file system (our own control socket among them) are in no namespace: it makes no
// socket at all. io_uring could make one past the filter.
bool refuse_sockets() {
    const auto at = [](std::size_t offset) -> sock_filter {
        return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offset));
    };
    const auto refuse = [](int error) -> sock_filter {
        return BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error));
    };
    std::array<sock_filter, 10> program{
        at(offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kMachine, 1, 0),
        refuse(EPERM),
        at(offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kOtherAbi, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        refuse(ENOSYS),
        refuse(EACCES),
    };
    const sock_fprog filter{program.size(), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

void reset_signals() {
    for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void give_up(const Plan& plan, Step step) {
    const Failure failure{step, errno};
    const ssize_t told = ::write(plan.failures, &failure, sizeof failure);
    ::_exit(told > 0 ? 126 : 127);
}

[[noreturn]] void become(const Plan& plan) {
    ::setpgid(0, 0);
    reset_signals();
    for (const auto& [descriptor, number] : plan.placed) ::dup2(descriptor, number);
    bool is_mapped = false;
    if (!leave_network(is_mapped)) give_up(plan, Step::namespaces);
    if (is_mapped && !keep_identity(plan)) give_up(plan, Step::identity);
    if (!refuse_sockets()) give_up(plan, Step::filter);
    ::execve(plan.arguments.pointers[0], plan.arguments.pointers.data(),
             plan.environment.pointers.data());
    give_up(plan, Step::program);
}

std::string why(const Failure& failure) {
    const char* error = std::strerror(failure.error);
    constexpr const char* kNext =
        "grant it with network: true, or let ccr make user and network namespaces";
    switch (failure.step) {
        case Step::namespaces:
            return fmt::format("this system gives it no network namespace of its own ({}); {}",
                               error, kNext);
        case Step::identity:
            return fmt::format("its user namespace cannot be set up ({}); {}", error, kNext);
        case Step::filter:
            return fmt::format("this system does not filter its system calls ({}); {}", error,
                               kNext);
        case Step::program:
        case Step::none:
            break;
    }
    return fmt::format("it cannot be run: {}", error);
}

}  // namespace

Result<pid_t> run_isolated(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment,
                           const std::vector<std::pair<int, int>>& placed) {
    const Words words(arguments);
    const Words variables(environment);
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
        return fail(ErrorKind::config, fmt::format("no pipe: {}", std::strerror(errno)));
    // Out of the way of the child's numbers.
    const int failures = ::fcntl(pipe[1], F_DUPFD_CLOEXEC, 64);
    const Plan plan{words,
                    variables,
                    placed,
                    fmt::format("{0} {0} 1", ::geteuid()),
                    fmt::format("{0} {0} 1", ::getegid()),
                    failures};
    const pid_t child = ::fork();
    if (child == 0) become(plan);
    const int refused = errno;
    ::close(pipe[1]);
    ::close(failures);
    Failure failure;
    ssize_t got = 0;
    do {
        got = child < 0 ? 0 : ::read(pipe[0], &failure, sizeof failure);
    } while (got < 0 && errno == EINTR);
    ::close(pipe[0]);
    if (child < 0)
        return fail(ErrorKind::config, fmt::format("no process: {}", std::strerror(refused)));
    if (got <= 0) return child;
    ::waitpid(child, nullptr, 0);
    return fail(ErrorKind::config, why(failure));
}

}  // namespace ccr::plugin
