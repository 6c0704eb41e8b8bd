#include "cli/quiet_trim.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>
#include <variant>

namespace ccr::cli {

QuietTrim::QuietTrim(boost::asio::io_context& context, Times times, std::function<void()> trim)
    : context_(context), timer_(context), times_(times), trim_(std::move(trim)) {}

void QuietTrim::hear(const event::Event& event) {
    const bool is_traffic = std::holds_alternative<event::Settled>(event) ||
                            std::holds_alternative<event::Routed>(event);
    if (!is_traffic) return;
    last_ = Clock::now().time_since_epoch().count();
    if (!waits_.exchange(true)) boost::asio::post(context_, [this] { begin(); });
}

void QuietTrim::begin() {
    latest_ = Clock::now() + times_.at_latest;
    wait();
}

void QuietTrim::wait() {
    const auto quiet = Clock::time_point(Clock::duration(last_.load())) + times_.quiet;
    timer_.expires_at(std::min(quiet, latest_));
    timer_.async_wait([this](const boost::system::error_code& failed) {
        if (!failed) look();
    });
}

void QuietTrim::look() {
    const Clock::rep seen = last_;
    const Clock::time_point now = Clock::now();
    const bool is_quiet = now.time_since_epoch().count() - seen >= times_.quiet.count();
    if (!is_quiet && now < latest_) return wait();
    waits_ = false;
    trim_();
    // A request that came before that line has posted nothing.
    if (last_ != seen && !waits_.exchange(true)) begin();
}

}  // namespace ccr::cli
