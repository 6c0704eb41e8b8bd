#include "report/temp_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/log.h"
#include "base/write_all.h"
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

// Whoever may write into it could put a link where we are about to write. Who may look into a
// directory that was there before is its owner's business.
Result<void> check_directory(int directory, const std::string& path) {
    constexpr mode_t kAll = 07777;
    constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;
    struct stat found{};
    if (::fstat(directory, &found) != 0) return cannot(path, errno);
    if (found.st_uid != ::geteuid()) return cannot(path, "it belongs to another user");
    if ((found.st_mode & kOthersWrite) == 0) return {};
    if (::fchmod(directory, found.st_mode & kAll & ~kOthersWrite) != 0) return cannot(path, errno);
    return {};
}

Result<Descriptor> enter(const Descriptor& parent, const std::string& part,
                         const std::string& path) {
    if (::mkdirat(parent.get(), part.c_str(), 0700) != 0 && errno != EEXIST)
        return cannot(path, errno);
    Descriptor inside(::openat(parent.get(), part.c_str(), kDirectory));
    if (!inside) return cannot(path, errno == ELOOP || errno == ENOTDIR ? ENOTDIR : errno);
    TRY_DO(check_directory(inside.get(), path));
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

// As replace() calls them.
bool is_left_over(std::string_view name) {
    constexpr std::size_t kLength = std::string_view(".0123456789ab.new").size();
    return name.size() == kLength && name.starts_with('.') && name.ends_with(".new");
}

std::vector<std::string> names_in(const Descriptor& directory) {
    std::vector<std::string> out;
    Descriptor own(::openat(directory.get(), ".", kDirectory));
    DIR* const list = own ? ::fdopendir(own.get()) : nullptr;
    if (list == nullptr) return out;
    own.release();
    while (const dirent* entry = ::readdir(list)) out.emplace_back(entry->d_name);
    ::closedir(list);
    return out;
}

/// When an own plain file was written; nullopt for all else.
std::optional<std::chrono::system_clock::time_point> written_at(const Descriptor& directory,
                                                                const std::string& name) {
    struct stat found{};
    if (::fstatat(directory.get(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(found.st_mode) || found.st_uid != ::geteuid())
        return std::nullopt;
    return std::chrono::system_clock::from_time_t(found.st_mtime);
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
        if (!std::exchange(looked_, true)) find_former();
        return keep(name, record);
    }
    if (told_ == written.error().message) return;
    told_ = written.error().message;
    log::warn("a token-speed file could not be written", {{"err", std::string_view(told_)}});
}

bool TempFile::is_own(std::string_view name) const {
    const std::string end = settings_.extension.empty() ? "" : "." + settings_.extension;
    return name.starts_with(settings_.prefix + "-") && name.ends_with(end);
}

void TempFile::find_former() {
    constexpr std::chrono::minutes kLongestWrite{10};
    const auto directory = open_directory(root_, settings_.directory);
    if (!directory) return;
    for (const std::string& name : names_in(*directory)) {
        const bool is_rest = is_left_over(name);
        if (!is_rest && !is_own(name)) continue;
        const auto time = written_at(*directory, name);
        if (!time) continue;
        if (!is_rest)
            kept_.push_back({name, *time});
        else if (std::chrono::system_clock::now() - *time > kLongestWrite)
            ::unlinkat(directory->get(), name.c_str(), 0);
    }
    std::ranges::sort(kept_, {}, &Kept::written);
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
