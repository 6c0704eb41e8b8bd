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
    // For people and messages only; the lock is what counts.
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) == 0) {
        [[maybe_unused]] const auto written = ::pwrite(file.get(), pid.data(), pid.size(), 0);
    }
    return std::optional<InstanceLock>(InstanceLock(std::move(file)));
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

}  // namespace ccr::cli
