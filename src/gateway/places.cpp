#include "gateway/places.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "net/wakeup.h"

namespace ccr::gateway {

struct Places::Waiting {
    explicit Waiting(net::asio::io_context& its_context)
        : context(its_context), wakeup(its_context) {}

    net::asio::io_context& context;
    net::Wakeup wakeup;    // on the context's thread only
    bool granted = false;  // guarded by mutex_
};

bool Places::enter(const std::string& name, const Bounds& bounds) {
    const std::lock_guard lock(mutex_);
    Room& room = rooms_[name];
    if (room.taken >= bounds.most || !room.queue.empty()) return false;
    ++room.taken;
    return true;
}

std::shared_ptr<Places::Waiting> Places::line_up(const std::string& name, const Bounds& bounds,
                                                 net::asio::io_context& context) {
    const std::lock_guard lock(mutex_);
    Room& room = rooms_[name];
    if (room.queue.size() >= bounds.queue) return nullptr;
    return room.queue.emplace_back(std::make_shared<Waiting>(context));
}

// Whether it waited in vain; a place that was granted meanwhile is its own.
bool Places::leave(const std::string& name, const std::shared_ptr<Waiting>& waiting) {
    const std::lock_guard lock(mutex_);
    if (waiting->granted) return false;
    std::erase(rooms_[name].queue, waiting);
    return true;
}

void Places::give_back(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto found = rooms_.find(name);
    if (found == rooms_.end()) return;
    Room& room = found->second;
    if (room.queue.empty()) {
        if (--room.taken == 0) rooms_.erase(found);
        return;
    }
    // The place goes on to the first in the queue.
    std::shared_ptr<Waiting> next = std::move(room.queue.front());
    room.queue.pop_front();
    next->granted = true;
    // Its timer is its thread's, so the last to hold it must not be this one.
    net::asio::io_context& context = next->context;
    net::asio::post(context, [waiting = std::move(next)] { waiting->wakeup.notify(); });
}

net::Task<std::expected<Places::Place, Places::Refusal>> Places::take(std::string name,
                                                                      Bounds bounds,
                                                                      net::Exchange& exchange) {
    if (bounds.most == 0) co_return Place();
    if (enter(name, bounds)) co_return Place(*this, std::move(name));
    const auto executor = co_await net::asio::this_coro::executor;
    auto& context = net::asio::query(executor, net::asio::execution::context);
    const auto waiting = line_up(name, bounds, static_cast<net::asio::io_context&>(context));
    if (!waiting) co_return std::unexpected(Refusal::queue_full);
    exchange.when_gone([waiting] { waiting->wakeup.notify(); });
    const net::Deadline end = net::Clock::now() + bounds.time;
    // The grant may have come before the wait: what counts is looked up, not what woke us.
    bool in_vain = false;
    for (;;) {
        const bool over = exchange.gone() || net::Clock::now() >= end;
        if (over) in_vain = leave(name, waiting);
        if (over || is_granted(*waiting)) break;
        co_await waiting->wakeup.wait(end);
    }
    exchange.when_gone({});
    if (in_vain) {
        co_return std::unexpected(exchange.gone() ? Refusal::client_gone : Refusal::too_late);
    }
    Place place(*this, std::move(name));
    if (exchange.gone()) co_return std::unexpected(Refusal::client_gone);
    co_return place;
}

bool Places::is_granted(const Waiting& waiting) {
    const std::lock_guard lock(mutex_);
    return waiting.granted;
}

}  // namespace ccr::gateway
