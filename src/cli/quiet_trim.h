// QuietTrim: gives freed memory back to the system once no request has begun or ended for a while.
// Before that it is kept for the next request (base/heap.h), which would have to fault it in again.
//
// hear() on any thread, everything else on that of the context, which must outlive it and runs
// nothing more of it once it is destroyed.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>

#include "event/event.h"

namespace ccr::cli {

class QuietTrim {
  public:
    using Clock = std::chrono::steady_clock;

    /// `trim` is called on the context's thread, once after each time of quiet.
    QuietTrim(boost::asio::io_context& context, Clock::duration quiet, std::function<void()> trim);

    void hear(const event::Event& event);

  private:
    void wait();
    void look();

    boost::asio::io_context& context_;
    boost::asio::steady_timer timer_;
    const Clock::duration quiet_;
    const std::function<void()> trim_;
    std::atomic<Clock::rep> last_{0};  // when a request began or ended
    std::atomic<bool> waits_{false};   // a look is due
};

}  // namespace ccr::cli
