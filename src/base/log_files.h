// Where log lines go on disk: series of files that rotate by size under one common cap.
//
// A Retention is shared by the series it watches; a FileSeries is used by one thread at a time (its
// sink's mutex sees to that). Nothing here throws: what cannot be written is dropped, counted and
// told later.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ccr::log {

/// Deletes the oldest closed files of all series when together they would pass the cap.
class Retention {
  public:
    explicit Retention(std::uint64_t total_bytes) : total_bytes_(total_bytes) {}

    /// Files in `directory` whose names start with `prefix` and contain ".log" count from now on.
    void watch(std::string directory, std::string prefix);

    /// `path` takes the place of `before` among the files that are being written and must stay.
    void set_live(const std::string& before, const std::string& path);

    /// Makes room, so that the closed files and `reserve` bytes stay under the cap.
    void prune(std::uint64_t reserve);

    std::uint64_t total_bytes() const { return total_bytes_; }

  private:
    struct Place {
        std::string directory;
        std::string prefix;
    };
    std::uint64_t total_bytes_;
    std::mutex mutex_;
    std::vector<Place> places_;
    std::vector<std::string> live_;
};

enum class Naming : std::uint8_t {
    dated,  // every file is new: <stem>-YYYYMMDDHHMMSS[_n].log, local time
    fixed,  // <stem>.log is appended to; a full one is renamed to <stem>.log.YYYYMMDDHHMMSS[_n]
};

class FileSeries {
  public:
    FileSeries(std::string directory, std::string stem, Naming naming, std::uint64_t file_bytes,
               Retention& retention);
    ~FileSeries();
    FileSeries(const FileSeries&) = delete;
    FileSeries& operator=(const FileSeries&) = delete;

    /// Appends `count` lines (line feeds included) at once. Opens, recreates and rotates as needed.
    void write(std::string_view lines, std::size_t count = 1);
    /// Lines that were lost elsewhere are told of here; `reason` is an errno.
    void lose(int reason, std::size_t count);
    void close();

    /// Lines lost since the last one that told of them.
    std::uint64_t dropped() const { return dropped_; }

  private:
    bool ensure_open();
    bool open_dated();
    bool open_fixed();
    bool adopt(int file, std::string path);
    void retire();
    void leave_if_deleted();
    void write_each(std::string_view lines);
    bool append(std::string_view lines);
    bool tell_of_losses();

    std::string directory_;
    std::string stem_;
    Naming naming_;
    std::uint64_t file_bytes_;
    Retention& retention_;
    int file_ = -1;
    std::string path_;
    std::uint64_t size_ = 0;
    std::uint64_t dropped_ = 0;
    int reason_ = 0;  // errno of the latest loss
    std::chrono::steady_clock::time_point retry_at_{};
    std::chrono::steady_clock::time_point looked_at_{};
};

}  // namespace ccr::log
