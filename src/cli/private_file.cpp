#include "cli/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/ids.h"
#include "base/write_all.h"
#include "net/socket_calls.h"

namespace ccr::cli {
namespace {

constexpr off_t kLargest = 16 << 20;

std::unexpected<Error> cannot_write(const std::string& path, int reason) {
    return fail(ErrorKind::config,
                fmt::format("Cannot write {}: {}.", path, std::generic_category().message(reason)));
}

// A new file beside `path` with all of the content; its name.
Result<std::string> write_beside(const std::string& path, std::string_view content) {
    const std::string fresh = fmt::format("{}.{}.new", path, random_hex(6));
    const net::Descriptor file(
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return cannot_write(path, errno);
    if (write_all(file.get(), content)) return fresh;
    const int reason = errno;
    ::unlink(fresh.c_str());
    return cannot_write(path, reason);
}

}  // namespace

Result<void> write_private_file(const std::string& path, std::string_view content) {
    TRY(const std::string fresh, write_beside(path, content));
    if (::rename(fresh.c_str(), path.c_str()) == 0) return {};
    const int reason = errno;
    ::unlink(fresh.c_str());
    return cannot_write(path, reason);
}

Result<bool> create_private_file(const std::string& path, std::string_view content) {
    if (::access(path.c_str(), F_OK) == 0) return false;
    TRY(const std::string fresh, write_beside(path, content));
    const int failed = ::link(fresh.c_str(), path.c_str()) == 0 ? 0 : errno;
    ::unlink(fresh.c_str());
    if (failed == 0) return true;
    if (failed == EEXIST) return false;
    return cannot_write(path, failed);
}

std::optional<std::string> read_file(const std::string& path) {
    const net::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat found{};
    if (!file || ::fstat(file.get(), &found) != 0) return std::nullopt;
    if (!S_ISREG(found.st_mode) || found.st_size > kLargest) return std::nullopt;
    std::string content;
    std::array<char, 8192> chunk{};
    while (true) {
        const ssize_t got = ::read(file.get(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) return content;
        content.append(chunk.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace ccr::cli
