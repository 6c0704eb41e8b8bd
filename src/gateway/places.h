// Places: how many requests may be under way at once under one name (a client's key, a provider),
// with a queue in which the others wait for a while.
//
// Any thread. A Place is given back by its end, on any thread; whoever waits is woken on its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "net/http_server.h"

namespace ccr::gateway {

class Places {
  public:
    /// How many under a name, how many may wait for them, and how long.
    struct Bounds {
        std::size_t most = 0;  // 0 = no limit: nobody waits
        std::size_t queue = 0;
        std::chrono::milliseconds time{0};
    };
    /// Why there is no place.
    enum class Refusal : std::uint8_t { queue_full, too_late, client_gone };

    class Place {
      public:
        Place() = default;
        Place(Places& places, std::string name) : places_(&places), name_(std::move(name)) {}
        Place(Place&& other) noexcept
            : places_(std::exchange(other.places_, nullptr)), name_(std::move(other.name_)) {}
        Place& operator=(Place&& other) noexcept {
            std::swap(places_, other.places_);
            std::swap(name_, other.name_);
            return *this;
        }
        ~Place() {
            if (places_ != nullptr) places_->give_back(name_);
        }

      private:
        Places* places_ = nullptr;
        std::string name_;
    };

    /// A place under `name`, now or when one is given back; first come, first served. The
    /// exchange's when_gone is used meanwhile.
    net::Task<std::expected<Place, Refusal>> take(std::string name, Bounds bounds,
                                                  net::Exchange& exchange);

  private:
    struct Waiting;
    struct Room {
        std::size_t taken = 0;
        std::deque<std::shared_ptr<Waiting>> queue;
    };

    bool enter(const std::string& name, const Bounds& bounds);
    std::shared_ptr<Waiting> line_up(const std::string& name, const Bounds& bounds,
                                     net::asio::io_context& context);
    bool leave(const std::string& name, const std::shared_ptr<Waiting>& waiting);
    bool is_granted(const Waiting& waiting);
    void give_back(const std::string& name);

    std::mutex mutex_;
    std::unordered_map<std::string, Room> rooms_;  // only those that somebody is in
};

}  // namespace ccr::gateway
