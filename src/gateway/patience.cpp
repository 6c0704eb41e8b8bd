#include "gateway/patience.h"

namespace ccr::gateway {
namespace {

constexpr std::chrono::seconds kWindow{10};

}  // namespace

net::Deadline Patience::end_of(std::optional<std::chrono::milliseconds> config::Timeouts::* phase,
                               net::Clock::time_point from) const {
    const auto limit = own_.*phase ? own_.*phase : general_.*phase;
    const net::Deadline end = limit ? from + *limit : net::kNever;
    return end;
}

std::optional<double> Patience::slowest() const {
    return own_.slowest ? own_.slowest : general_.slowest;
}

bool SlowGuard::is_too_slow(std::size_t characters, net::Clock::time_point now) {
    if (!slowest_) return false;
    count_ += characters;
    const std::chrono::duration<double> passed = now - since_;
    if (passed < kWindow) return false;
    const bool slow = static_cast<double>(count_) < *slowest_ * passed.count();
    since_ = now;
    count_ = 0;
    return slow;
}

}  // namespace ccr::gateway
