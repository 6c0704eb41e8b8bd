// SocketWatch: tells libcurl when one of its sockets can be read or written. The socket stays
// libcurl's; the watch only borrows its number and never closes it.
//
// The io_context's thread only. Held by shared_ptr, because a wait may still be queued after
// release().
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>

namespace ccr::net {

class SocketWatch : public std::enable_shared_from_this<SocketWatch> {
  public:
    /// Called with CURL_CSELECT_* bits; it may call want() and release().
    using Ready = std::function<void(int socket, int events)>;

    SocketWatch(boost::asio::io_context& context, Ready ready);

    /// Borrows `socket`. False when the system refuses to watch it.
    bool open(int socket);
    /// Which readiness to report from now on.
    void want(bool read, bool write);
    /// Ends the watch: nothing is reported any more and the socket may be closed.
    void release();

  private:
    void arm_read();
    void arm_write();
    void on_event(const boost::system::error_code& error, int event, bool& armed,
                  const bool& wanted, void (SocketWatch::*arm)());

    boost::asio::posix::stream_descriptor descriptor_;
    Ready ready_;
    bool want_read_ = false;
    bool want_write_ = false;
    bool reading_ = false;  // a wait is under way
    bool writing_ = false;
    bool open_ = false;
};

}  // namespace ccr::net
