#include "cli/instance_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <system_error>

#include "cli/private_file.h"

namespace ccr::cli {

Result<std::optional<InstanceLock>> InstanceLock::try_take(const std::string& path) {
    net::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) {
        return fail(ErrorKind::config, fmt::format("Cannot open the lock {}: {}.", path,
                                                   std::generic_category().message(errno)));
    }
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return std::optional<InstanceLock>();
        if (errno != EINTR) {
            return fail(ErrorKind::config, fmt::format("Cannot lock {}: {}.", path,
                                                       std::generic_category().message(errno)));
        }
    }
    InstanceLock taken(std::move(file));
    taken.left_behind_ = read_file(path).value_or("");
    taken.sign();
    return std::optional<InstanceLock>(std::move(taken));
}

InstanceLock InstanceLock::adopt(net::Descriptor file) {
    return InstanceLock(std::move(file));
}

// For people and messages only; the lock is what counts.
void InstanceLock::sign() const {
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file_.get(), 0) == 0) {
        [[maybe_unused]] const auto written = ::pwrite(file_.get(), pid.data(), pid.size(), 0);
    }
}

void InstanceLock::say_goodbye() const {
    [[maybe_unused]] const int emptied = ::ftruncate(file_.get(), 0);
}

bool is_locked(const std::string& path) {
    const net::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    return file && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

int last_holder(const std::string& path) {
    const std::string text = read_file(path).value_or("");
    int pid = 0;
    std::from_chars(text.data(), text.data() + text.size(), pid);
    return pid;
}

SilentHolder silent_holder(const std::string& lock, int holder, const std::string& again) {
    // `kill 0` would end the caller's own process group.
    if (holder <= 0)
        return {true, fmt::format("a ccr that is starting or ending holds {}", lock),
                "wait, then " + again};
    return {false, fmt::format("a ccr (pid {}) holds {} but does not answer", holder, lock),
            fmt::format("`kill {}`, then {}", holder, again)};
}

}  // namespace ccr::cli
