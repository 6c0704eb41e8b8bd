// CountPauses: which servers that count tokens have failed and are not asked for a while.
//
// Any thread; one per process.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace ccr::gateway {

class CountPauses {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds kPause{30};

    bool is_paused(const std::string& url, Clock::time_point now = Clock::now()) {
        const std::lock_guard lock(mutex_);
        const auto found = until_.find(url);
        return found != until_.end() && now < found->second;
    }
    void failed(const std::string& url, Clock::time_point now = Clock::now()) {
        const std::lock_guard lock(mutex_);
        std::erase_if(until_, [&](const auto& entry) { return now >= entry.second; });
        until_[url] = now + kPause;
    }

  private:
    std::mutex mutex_;
    std::unordered_map<std::string, Clock::time_point> until_;
};

}  // namespace ccr::gateway
