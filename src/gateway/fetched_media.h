// FetchedMedia: files that were loaded for targets which take no URLs, kept for the requests to
// come - agents send the whole conversation again with every turn, and prompt caches want the same
// bytes.
//
// Any thread. Bounded; forgotten after an hour and with the process.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace ccr::gateway {

struct FetchedFile {
    std::string type;     // media type, as its bytes show it
    std::string base64;   // its bytes; "" when it could not be loaded
    std::string problem;  // why not: one clause
};
using FetchedFilePtr = std::shared_ptr<const FetchedFile>;

class FetchedMedia {
  public:
    using Clock = std::chrono::steady_clock;

    explicit FetchedMedia(std::size_t most_bytes = 64u << 20) : most_bytes_(most_bytes) {}

    /// nullptr when it is not known, or not any more.
    FetchedFilePtr find(const std::string& url, Clock::time_point now = Clock::now());
    /// Oldest files give way.
    void keep(const std::string& url, FetchedFilePtr file, Clock::time_point now = Clock::now());

  private:
    struct Kept {
        FetchedFilePtr file;
        Clock::time_point at;
    };
    void drop_oldest();

    std::mutex mutex_;
    std::unordered_map<std::string, Kept> kept_;
    std::size_t bytes_ = 0;
    std::size_t most_bytes_;
};

}  // namespace ccr::gateway
