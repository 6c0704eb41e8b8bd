// Farewell: when a service that was asked to end closes its connections, and when it is over.
// Whoever ends asks again and again; the time is theirs to tell.
//
// Plain values; one thread.
#pragma once

#include <chrono>
#include <cstddef>

#include "net/async.h"

namespace ccr::cli {

class Farewell {
  public:
    using Moment = net::Clock::time_point;
    struct UnderWay {
        std::size_t requests = 0, connections = 0;
    };

    /// Requests under way have `grace`.
    void begin(Moment now, std::chrono::milliseconds grace);
    /// Another process serves. Nobody waits for this one, and requests that come over connections
    /// that are open are answered for a while.
    void begin_after_handover(Moment now);
    /// A signal. The first to a service that was handed over gives its requests `grace`; every
    /// other one ends a farewell that has begun.
    void hurry(Moment now, std::chrono::milliseconds grace);

    bool has_begun() const { return has_begun_; }
    bool is_handed_over() const { return is_handed_over_; }

    /// Whether there is nothing to wait for any more, or no time; until close_at().
    bool may_close(Moment now, UnderWay left) const;
    /// Connections are closed now.
    void close_at(Moment now);
    /// Whether those who spoke over them have ended, or had the time to.
    bool is_over(Moment now, std::size_t requests) const;

  private:
    bool has_nothing_to_do(Moment now, UnderWay left) const;

    bool has_begun_ = false;
    bool is_handed_over_ = false;
    bool was_told_ = false;  // by a signal
    Moment settled_at_ = net::kNever;
    Moment idle_until_ = net::kNever;  // for connections of a service that is handed over
    Moment grace_ends_ = net::kNever;
    Moment end_by_ = net::kNever;
};

}  // namespace ccr::cli
