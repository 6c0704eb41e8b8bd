#include "net/wakeup.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace ccr::net {

Task<Wakeup::Cause> Wakeup::wait(Deadline deadline) {
    boost::system::error_code error;
    waiting_ = true;
    notified_ = false;
    timer_.expires_at(deadline);
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
    waiting_ = false;
    if (notified_) co_return Cause::news;
    co_return error ? Cause::cancelled : Cause::deadline;
}

void Wakeup::notify() {
    if (!waiting_ || std::exchange(notified_, true)) return;
    timer_.cancel();
}

}  // namespace ccr::net
