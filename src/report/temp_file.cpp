#include "report/temp_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/ids.h"
#include "base/log.h"
#include "net/socket_calls.h"

namespace ccr::report {
namespace {

using net::Descriptor;

// Those of sessions that are long over; a status line takes nothing that is older than seconds.
constexpr std::size_t kMostFiles = 1000;
constexpr std::chrono::hours kLongestKept{24};

constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::unexpected<Error> cannot(const std::string& path, std::string_view why) {
    return fail(ErrorKind::config,
                fmt::format("token-speed cannot write to {}: {}. Remove it, or set TMPDIR to a "
                            "directory of your own.",
                            path, why));
}

std::unexpected<Error> cannot(const std::string& path, int reason) {
    return cannot(path, std::generic_category().message(reason));
}

// Whoever may write into it could put a link where we are about to write.
Result<void> make_private(int directory, const std::string& path) {
    struct stat found{};
    if (::fstat(directory, &found) != 0) return cannot(path, errno);
    if (found.st_uid != ::geteuid()) return cannot(path, "it belongs to another user");
    if ((found.st_mode & 0077) != 0 && ::fchmod(directory, 0700) != 0) return cannot(path, errno);
    return {};
}

Result<Descriptor> enter(const Descriptor& parent, const std::string& part,
                         const std::string& path) {
    if (::mkdirat(parent.get(), part.c_str(), 0700) != 0 && errno != EEXIST)
        return cannot(path, errno);
    Descriptor inside(::openat(parent.get(), part.c_str(), kDirectory));
    if (!inside) return cannot(path, errno == ELOOP || errno == ENOTDIR ? ENOTDIR : errno);
    TRY_DO(make_private(inside.get(), path));
    return inside;
}

Result<Descriptor> open_directory(const std::string& root, const std::string& directory) {
    Descriptor at(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!at) return cannot(root, errno);
    std::string path = root;
    for (std::size_t begin = 0; begin <= directory.size();) {
        const std::size_t end = std::min(directory.find('/', begin), directory.size());
        const std::string part = directory.substr(begin, end - begin);
        path += "/" + part;
        TRY(Descriptor inside, enter(at, part, path));
        at = std::move(inside);
        begin = end + 1;
    }
    return at;
}

bool write_all(int file, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Result<void> replace(const Descriptor& directory, const std::string& name,
                     const std::string& content, const std::string& path) {
    const std::string fresh = fmt::format(".{}.new", random_hex(6));
    const Descriptor file(::openat(directory.get(), fresh.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return cannot(path, errno);
    if (write_all(file.get(), content) &&
        ::renameat(directory.get(), fresh.c_str(), directory.get(), name.c_str()) == 0)
        return {};
    const int reason = errno;
    ::unlinkat(directory.get(), fresh.c_str(), 0);
    return cannot(path, reason);
}

}  // namespace

Result<void> write_temp_file(const std::string& root, const std::string& directory,
                             const std::string& name, const std::string& content) {
    TRY(const Descriptor inside, open_directory(root, directory));
    return replace(inside, name, content, fmt::format("{}/{}/{}", root, directory, name));
}

TempFile::TempFile(std::string root, config::FileOutput settings)
    : root_(std::move(root)), settings_(std::move(settings)) {}

std::string TempFile::name_for(const Record& record) const {
    std::string name = fmt::format("{}-{}", settings_.prefix, file_name_part(record.session));
    if (settings_.with_time) {
        using namespace std::chrono;
        const auto time = duration_cast<milliseconds>(record.time.time_since_epoch());
        name += fmt::format("-{}", time.count());
    }
    return settings_.extension.empty() ? name : name + "." + settings_.extension;
}

void TempFile::take(const Record& record) {
    // One file a second for each answer is nothing that anyone reads.
    if (settings_.with_time && !record.is_final) return;
    const std::string name = name_for(record);
    const auto written = write_temp_file(root_, settings_.directory, name, to_json(record));
    if (written) {
        told_.clear();
        return keep(name, record);
    }
    if (told_ == written.error().message) return;
    told_ = written.error().message;
    log::warn("a token-speed file could not be written", {{"err", std::string_view(told_)}});
}

void TempFile::keep(const std::string& name, const Record& record) {
    std::erase_if(kept_, [&name](const Kept& kept) { return kept.name == name; });
    kept_.push_back({name, record.time});
    while (kept_.size() > kMostFiles || record.time - kept_.front().written > kLongestKept) {
        const std::string path =
            fmt::format("{}/{}/{}", root_, settings_.directory, kept_.front().name);
        ::unlink(path.c_str());
        kept_.pop_front();
    }
}

}  // namespace ccr::report
