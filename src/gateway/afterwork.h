// Afterwork: what may wait while requests are on their way to their providers, done milliseconds
// later and for many of them at once: lines of the log, events for those who watch.
//
// One thread, that of its context, or any while none runs it. What is left when it ends is done
// then.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "net/async.h"

namespace ccr::gateway {

class Afterwork {
  public:
    using Work = std::move_only_function<void()>;
    /// From the first that is left. Longer than one request takes on its way to its provider, too
    /// short to be seen by people.
    static constexpr std::chrono::milliseconds kDelay{2};

    explicit Afterwork(net::asio::io_context& context, std::chrono::milliseconds delay = kDelay)
        : timer_(context), delay_(delay) {}
    ~Afterwork() { finish(); }
    Afterwork(const Afterwork&) = delete;
    Afterwork& operator=(const Afterwork&) = delete;

    /// Is done in the order in which it was left. What it throws is logged.
    void leave(Work work);
    /// Does now what is left.
    void finish();

  private:
    void do_all();

    std::vector<Work> left_;
    net::asio::steady_timer timer_;
    std::chrono::milliseconds delay_;
    bool is_due_ = false;  // the timer runs
    std::shared_ptr<bool> is_there_ = std::make_shared<bool>(true);
};

}  // namespace ccr::gateway
