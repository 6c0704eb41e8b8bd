// Bus: hands each event to every subscriber, in order, on the thread that publishes.
//
// Subscribers are fixed before the first event; a slow one must queue for itself. Any thread may
// publish.
#pragma once

#include <functional>
#include <vector>

#include "event/event.h"

namespace ccr::event {

class Bus {
  public:
    using Subscriber = std::function<void(const Event&)>;

    void subscribe(Subscriber subscriber) { subscribers_.push_back(std::move(subscriber)); }
    void publish(const Event& event) const {
        for (const Subscriber& subscriber : subscribers_) subscriber(event);
    }

  private:
    std::vector<Subscriber> subscribers_;
};

}  // namespace ccr::event
