#include "base/log_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <system_error>

#include "base/log_line.h"

namespace ccr::log {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::milliseconds kRetryPause{200};
constexpr std::chrono::milliseconds kLookPause{10};
constexpr int kMostNamesASecond = 1000;

std::string local_stamp() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::localtime_r(&now, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y%m%d%H%M%S", &parts);
    return text.data();
}

// Creates the directory and its missing parents, all for the user alone; what exists keeps its
// mode.
void ensure_directory(const std::string& directory) {
    std::string path;
    for (const fs::path& part : fs::path(directory)) {
        path = path.empty() ? part.string() : (fs::path(path) / part).string();
        ::mkdir(path.c_str(), 0700);
    }
}

int open_private(const std::string& path, int extra) {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | extra, 0600);
}

std::string numbered(const std::string& name, int number, std::string_view end) {
    return number == 0 ? fmt::format("{}{}", name, end) : fmt::format("{}_{}{}", name, number, end);
}

}  // namespace

void Retention::watch(std::string directory, std::string prefix) {
    const std::lock_guard lock(mutex_);
    places_.push_back({std::move(directory), std::move(prefix)});
}

void Retention::set_live(const std::string& before, const std::string& path) {
    const std::lock_guard lock(mutex_);
    std::erase(live_, before);
    if (!path.empty()) live_.push_back(path);
}

void Retention::prune(std::uint64_t reserve) {
    struct Closed {
        fs::file_time_type written;
        std::string path;
        std::uint64_t bytes;
    };
    const std::lock_guard lock(mutex_);
    std::vector<Closed> closed;
    std::uint64_t sum = reserve;
    for (const Place& place : places_) {
        std::error_code none;
        for (fs::directory_iterator entry(place.directory, none), end; !none && entry != end;
             entry.increment(none)) {
            const std::string name = entry->path().filename().string();
            if (!name.starts_with(place.prefix) || name.find(".log") == std::string::npos) continue;
            if (std::find(live_.begin(), live_.end(), entry->path().string()) != live_.end())
                continue;
            std::error_code gone;
            if (!fs::is_regular_file(entry->symlink_status(gone))) continue;
            const std::uint64_t bytes = entry->file_size(gone);
            const fs::file_time_type written = entry->last_write_time(gone);
            if (gone) continue;
            closed.push_back({written, entry->path().string(), bytes});
            sum += bytes;
        }
    }
    std::sort(closed.begin(), closed.end(), [](const Closed& a, const Closed& b) {
        return std::tie(a.written, a.path) < std::tie(b.written, b.path);
    });
    for (const Closed& oldest : closed) {
        if (sum <= total_bytes_) return;
        std::error_code ignored;
        fs::remove(oldest.path, ignored);
        sum -= oldest.bytes;
    }
}

FileSeries::FileSeries(std::string directory, std::string stem, Naming naming,
                       std::uint64_t file_bytes, Retention& retention)
    : directory_(std::move(directory)),
      stem_(std::move(stem)),
      naming_(naming),
      // Two files may be growing at once; half of the cap stays for closed ones.
      file_bytes_(std::min(file_bytes, retention.total_bytes() / 4)),
      retention_(retention) {
    retention_.watch(directory_, naming_ == Naming::dated ? stem_ + "-" : stem_ + ".log");
}

FileSeries::~FileSeries() {
    close();
}

void FileSeries::close() {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
    retention_.set_live(path_, "");
    path_.clear();
}

void FileSeries::write(std::string_view lines, std::size_t count) {
    if (count > 1 && size_ + lines.size() > file_bytes_) return write_each(lines);
    if (lines.size() > file_bytes_) return lose(EFBIG, count);
    if (file_ >= 0) leave_if_deleted();
    if (!ensure_open()) return lose(errno, count);
    if (size_ > 0 && size_ + lines.size() > file_bytes_) {
        retire();
        if (!ensure_open()) return lose(errno, count);
    }
    if ((dropped_ > 0 && !tell_of_losses()) || !append(lines)) lose(errno, count);
}

// Where a file is full among them, the rest goes into the next one.
void FileSeries::write_each(std::string_view lines) {
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size() - 1) + 1;
        write(lines.substr(0, end), 1);
        lines.remove_prefix(end);
    }
}

bool FileSeries::tell_of_losses() {
    const std::string message = fmt::format("{} log lines were lost: {}; later lines are complete",
                                            dropped_, std::generic_category().message(reason_));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    std::string notice;
    append_json_line(notice, Level::warn,
                     std::chrono::duration_cast<std::chrono::milliseconds>(now).count(), message,
                     {});
    if (!append(notice)) return false;
    dropped_ = 0;
    return true;
}

// A file without a name was deleted under us, perhaps with its directory.
void FileSeries::leave_if_deleted() {
    const auto now = std::chrono::steady_clock::now();
    if (now - looked_at_ < kLookPause) return;
    looked_at_ = now;
    struct stat found{};
    if (::fstat(file_, &found) != 0 || found.st_nlink == 0) close();
}

bool FileSeries::append(std::string_view lines) {
    std::size_t done = 0;
    while (done < lines.size()) {
        const ssize_t wrote = ::write(file_, lines.data() + done, lines.size() - done);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote > 0) {
            done += static_cast<std::size_t>(wrote);
            continue;
        }
        const int reason = wrote < 0 ? errno : ENOSPC;
        // Half a line would spoil the next one too.
        if (done > 0 && ::ftruncate(file_, static_cast<off_t>(size_)) != 0) size_ += done;
        errno = reason;
        return false;
    }
    size_ += done;
    return true;
}

void FileSeries::lose(int reason, std::size_t count) {
    dropped_ += count;
    reason_ = reason;
}

bool FileSeries::ensure_open() {
    if (file_ >= 0) return true;
    const auto now = std::chrono::steady_clock::now();
    if (now < retry_at_) {
        errno = reason_;
        return false;
    }
    ensure_directory(directory_);
    if (naming_ == Naming::dated ? open_dated() : open_fixed()) {
        retention_.prune(2 * file_bytes_);
        retry_at_ = {};
        return true;
    }
    // A broken disk is asked again a few times a second, not at every line.
    retry_at_ = now + kRetryPause;
    return false;
}

bool FileSeries::open_dated() {
    const std::string name = (fs::path(directory_) / (stem_ + "-" + local_stamp())).string();
    for (int number = 0; number < kMostNamesASecond; ++number) {
        std::string path = numbered(name, number, ".log");
        const int file = open_private(path, O_EXCL);
        if (file >= 0) return adopt(file, std::move(path));
        if (errno != EEXIST) return false;
    }
    return false;
}

bool FileSeries::open_fixed() {
    std::string path = (fs::path(directory_) / (stem_ + ".log")).string();
    const int file = open_private(path, 0);
    return file >= 0 && adopt(file, std::move(path));
}

bool FileSeries::adopt(int file, std::string path) {
    struct stat now{};
    size_ = ::fstat(file, &now) == 0 ? static_cast<std::uint64_t>(now.st_size) : 0;
    file_ = file;
    retention_.set_live(path_, path);
    path_ = std::move(path);
    return true;
}

void FileSeries::retire() {
    const std::string full = path_;
    close();
    if (naming_ != Naming::fixed) return;
    const std::string stamp = full + "." + local_stamp();
    for (int number = 0; number < kMostNamesASecond; ++number) {
        const std::string target = numbered(stamp, number, "");
        std::error_code none;
        if (fs::exists(fs::symlink_status(target, none))) continue;
        fs::rename(full, target, none);
        return;
    }
}

}  // namespace ccr::log
