// Afterwork: what a thread does when nobody waits for it, two turns of its loop later: a request
// that has come meanwhile goes first, and what libcurl sends leaves in the next turn.
//
// One thread, that of its context, or any while none runs it. What is left when it ends is done
// then.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "net/async.h"

namespace ccr::gateway {

class Afterwork {
  public:
    using Work = std::move_only_function<void()>;

    explicit Afterwork(net::asio::io_context& context);
    ~Afterwork();
    Afterwork(const Afterwork&) = delete;
    Afterwork& operator=(const Afterwork&) = delete;

    /// Is done in the order in which it was left. What it throws is logged.
    void leave(Work work);

  private:
    struct Pile;

    net::asio::io_context& context_;
    std::shared_ptr<Pile> pile_;  // turns of the loop that come too late find it gone
};

}  // namespace ccr::gateway
