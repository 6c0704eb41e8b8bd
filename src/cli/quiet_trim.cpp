#include "cli/quiet_trim.h"

#include <boost/asio/post.hpp>
#include <utility>
#include <variant>

namespace ccr::cli {

QuietTrim::QuietTrim(boost::asio::io_context& context, Clock::duration quiet,
                     std::function<void()> trim)
    : context_(context), timer_(context), quiet_(quiet), trim_(std::move(trim)) {}

void QuietTrim::hear(const event::Event& event) {
    const bool is_traffic = std::holds_alternative<event::Settled>(event) ||
                            std::holds_alternative<event::Routed>(event);
    if (!is_traffic) return;
    last_ = Clock::now().time_since_epoch().count();
    if (!waits_.exchange(true)) boost::asio::post(context_, [this] { wait(); });
}

void QuietTrim::wait() {
    timer_.expires_at(Clock::time_point(Clock::duration(last_.load())) + quiet_);
    timer_.async_wait([this](const boost::system::error_code& failed) {
        if (!failed) look();
    });
}

void QuietTrim::look() {
    // From here on a request that comes posts a look of its own.
    waits_ = false;
    if (Clock::now().time_since_epoch().count() - last_.load() >= quiet_.count()) return trim_();
    if (!waits_.exchange(true)) wait();
}

}  // namespace ccr::cli
