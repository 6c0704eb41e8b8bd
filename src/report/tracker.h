// Tracker: the requests under way that are measured, and the records that their milestones make.
//
// Any thread. It holds nothing of a request that has settled.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "event/event.h"
#include "report/record.h"

namespace ccr::report {

class Tracker {
  public:
    using WallClock = std::chrono::system_clock;

    /// From now on this request is measured.
    void begin(const std::string& request, const std::string& session);
    /// Whether there is none, so that no event means anything.
    bool is_empty() const { return count_ == 0; }
    /// What this event makes known; nullopt when it is nothing, or the request is not measured.
    std::optional<Record> hear(const event::Event& event,
                               WallClock::time_point now = WallClock::now());

  private:
    struct Measured {
        std::string session;
        bool has_begun = false;
        bool went_on_elsewhere = false;  // another target continues the answer
        event::Written last;
    };
    static std::optional<Record> said(const event::Written& written, Measured& measured);
    static std::optional<Record> ended(const event::Settled& settled, const Measured& measured);

    mutable std::mutex mutex_;
    std::unordered_map<std::string, Measured> measured_;
    std::atomic<std::size_t> count_{0};
};

}  // namespace ccr::report
