#include "cli/farewell.h"

#include <algorithm>

namespace ccr::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kGraceAfterHandover = 1h;  // nobody waits for the end then
constexpr auto kSettling = 300ms;         // what was accepted at the last moment is counted by then
constexpr auto kIdleAfterHandover = 5s;   // a client that asks again over an open connection
constexpr auto kLastWords = 1s;           // for their coroutines once their connections are closed

}  // namespace

void Farewell::begin(Moment now, std::chrono::milliseconds grace) {
    has_begun_ = true;
    grace_ends_ = now + grace;
}

void Farewell::begin_after_handover(Moment now) {
    has_begun_ = true;
    is_handed_over_ = true;
    grace_ends_ = now + kGraceAfterHandover;
    settled_at_ = now + kSettling;
    idle_until_ = now + kIdleAfterHandover;
}

void Farewell::hurry(Moment now, std::chrono::milliseconds grace) {
    if (is_handed_over_ && !was_told_) {
        grace_ends_ = std::min(grace_ends_, now + grace);
        idle_until_ = now;
    } else if (has_begun_) {
        grace_ends_ = now;
    }
    was_told_ = true;
}

// Requests that may still come over connections that are open are waited for as well.
bool Farewell::has_nothing_to_do(Moment now, UnderWay left) const {
    if (left.requests > 0) return false;
    if (!is_handed_over_ || now >= idle_until_) return true;
    return now >= settled_at_ && left.connections == 0;
}

bool Farewell::may_close(Moment now, UnderWay left) const {
    return end_by_ == net::kNever && (has_nothing_to_do(now, left) || now >= grace_ends_);
}

void Farewell::close_at(Moment now) {
    end_by_ = now + kLastWords;
}

bool Farewell::is_over(Moment now, std::size_t requests) const {
    return end_by_ != net::kNever && (requests == 0 || now >= end_by_);
}

}  // namespace ccr::cli
