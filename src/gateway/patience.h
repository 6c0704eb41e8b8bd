// Patience: how long, and how slow, one provider may be - its own settings over the general ones.
//
// A view of two settings that must outlive it; any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "config/config.h"
#include "net/async.h"

namespace ccr::gateway {

class Patience {
  public:
    Patience(const config::Provider& provider, const config::Config& config)
        : own_(provider.timeouts), general_(config.timeouts) {}

    /// When a phase that began at `from` has taken too long; kNever without a limit.
    net::Deadline end_of(std::optional<std::chrono::milliseconds> config::Timeouts::* phase,
                         net::Clock::time_point from) const;
    /// Characters a second that an answer under way must bring.
    std::optional<double> slowest() const;

  private:
    const config::Timeouts& own_;
    const config::Timeouts& general_;
};

/// Watches how fast an answer comes, over ten seconds at a time.
class SlowGuard {
  public:
    /// `slowest` in characters a second, counted from `now`; absent = never too slow.
    SlowGuard(std::optional<double> slowest, net::Clock::time_point now)
        : slowest_(slowest), since_(now) {}

    /// `characters` more have come, or none. Whether the last ten seconds brought too few.
    bool is_too_slow(std::size_t characters, net::Clock::time_point now);

  private:
    std::optional<double> slowest_;
    net::Clock::time_point since_;
    std::size_t count_ = 0;
};

}  // namespace ccr::gateway
