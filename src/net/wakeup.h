// Wakeup: one coroutine waits, handlers of the same thread announce that there is news for it. What
// the news is, the waiter looks up itself, so that none can be lost.
//
// The io_context's thread only. Whoever waits keeps the object alive.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>

#include "net/async.h"

namespace ccr::net {

class Wakeup {
  public:
    /// Why a wait ended. `cancelled`: the waiting coroutine itself was.
    enum class Cause : std::uint8_t { news, deadline, cancelled };

    explicit Wakeup(asio::io_context& context) : timer_(context) {}

    Task<Cause> wait(Deadline deadline);
    /// Queues the waiting coroutine, does not run it. Without one, nothing happens.
    void notify();

  private:
    asio::steady_timer timer_;
    bool waiting_ = false;
    bool notified_ = false;
};

}  // namespace ccr::net
