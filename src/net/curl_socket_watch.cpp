#include "net/curl_socket_watch.h"

#include <curl/curl.h>

#include <utility>

namespace ccr::net {

namespace asio = boost::asio;

SocketWatch::SocketWatch(asio::io_context& context, Ready ready)
    : descriptor_(context), ready_(std::move(ready)) {}

bool SocketWatch::open(int socket) {
    boost::system::error_code error;
    descriptor_.assign(socket, error);
    open_ = !error;
    return open_;
}

void SocketWatch::want(bool read, bool write) {
    want_read_ = read;
    want_write_ = write;
    // A wait that is no longer wanted stays: stopping it costs more than one wake-up that is
    // ignored.
    if (read && !reading_) arm_read();
    if (write && !writing_) arm_write();
}

void SocketWatch::release() {
    if (!std::exchange(open_, false)) return;
    want_read_ = want_write_ = false;
    descriptor_.release();
}

void SocketWatch::arm_read() {
    reading_ = true;
    descriptor_.async_wait(asio::posix::descriptor_base::wait_read,
                           [self = shared_from_this()](const boost::system::error_code& error) {
                               self->on_event(error, CURL_CSELECT_IN, self->reading_,
                                              self->want_read_, &SocketWatch::arm_read);
                           });
}

void SocketWatch::arm_write() {
    writing_ = true;
    descriptor_.async_wait(asio::posix::descriptor_base::wait_write,
                           [self = shared_from_this()](const boost::system::error_code& error) {
                               self->on_event(error, CURL_CSELECT_OUT, self->writing_,
                                              self->want_write_, &SocketWatch::arm_write);
                           });
}

void SocketWatch::on_event(const boost::system::error_code& error, int event, bool& armed,
                           const bool& wanted, void (SocketWatch::*arm)()) {
    armed = false;
    if (!open_ || !wanted || error == asio::error::operation_aborted) return;
    ready_(descriptor_.native_handle(), error ? CURL_CSELECT_ERR : event);
    if (open_ && wanted && !armed && !error) (this->*arm)();
}

}  // namespace ccr::net
