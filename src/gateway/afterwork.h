// Afterwork: what a thread does when nobody waits for it, milliseconds later and for many requests
// at once: lines of the log, events for those who watch.
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
    /// Longer than a request takes on its way to its provider, too short to be seen by people.
    static constexpr std::chrono::milliseconds kDelay{2};

    explicit Afterwork(net::asio::io_context& context) : timer_(context) {}
    ~Afterwork();
    Afterwork(const Afterwork&) = delete;
    Afterwork& operator=(const Afterwork&) = delete;

    /// Is done in the order in which it was left. What it throws is logged.
    void leave(Work work);

  private:
    void do_all();

    std::vector<Work> left_;
    net::asio::steady_timer timer_;  // runs while something is left
    std::shared_ptr<bool> is_there_ = std::make_shared<bool>(true);
};

}  // namespace ccr::gateway
