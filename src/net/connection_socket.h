// One accepted socket with what HTTP/1.1 needs around it: a buffer of received bytes, deadlines
// that cost nothing while they hold, a watch for the client's leaving, and writes that report
// back-pressure. Over TLS as well, once secure() was called.
//
// Thread: its context's only. Lifetime: shared by the coroutine that serves it and by its pending
// operations. At most one read is ever under way; one that was started to watch goes on as the read
// of the next request.
#pragma once

#include <array>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "net/async.h"
#include "net/tls_session.h"

namespace ccr::net {

/// How a wait for bytes ended. `end`: closed, reset, or closed by us.
enum class Arrival : std::uint8_t { bytes, end, timeout };

struct Received {
    Arrival arrival = Arrival::end;
    std::size_t count = 0;
};

/// Whether a blocked write goes on after the client has closed its sending side.
enum class OnHalfClose : std::uint8_t { carry_on, stop };

class ConnectionSocket : public std::enable_shared_from_this<ConnectionSocket> {
  public:
    using Executor = asio::io_context::executor_type;
    using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
    using Pieces = std::array<asio::const_buffer, 3>;

    explicit ConnectionSocket(Socket socket);

    /// How a handshake ended. `plain_http`: the client does not speak TLS, and can be told so.
    enum class Secured : std::uint8_t { yes, no, plain_http };
    /// Takes up TLS, before anything else is read or written. `why` says what went wrong.
    Task<Secured> secure(TlsContext context, std::chrono::milliseconds time, std::string& why);

    /// Received bytes that nobody has consumed yet. The view is valid until the next wait.
    std::string_view inbox() const { return {buffer_.get() + begin_, end_ - begin_}; }
    void consume(std::size_t count) { begin_ += count; }

    /// Waits for more bytes in the inbox.
    Task<Arrival> fill();
    /// Takes up to `most` bytes from the inbox, or else straight from the socket.
    Task<Received> receive(char* to, std::size_t most);

    /// Writes all of `pieces`; returns when the socket has taken them. False when the client is
    /// gone or has taken no byte for `silence`.
    Task<bool> write(Pieces pieces, std::chrono::milliseconds silence, OnHalfClose half_close) {
        return tls_ ? write_sealed(pieces, silence, half_close)
                    : write_raw(pieces, silence, half_close);
    }

    /// Writes a short text with descriptors beside it, at once or not at all.
    bool pass(std::string_view bytes, std::span<const int> descriptors);

    /// Ends our side, waits a moment for the client to end its own, so that what was written is not
    /// lost to a reset, and closes.
    Task<void> linger();

    /// From now on a waiting read or write ends after this time.
    void set_time(std::chrono::milliseconds time);
    void clear_time() { deadline_ = kNever; }

    /// Reads ahead (bounded) to notice the client's leaving, until unwatch().
    void watch();
    void unwatch() { watching_ = false; }
    bool gone() const { return gone_; }
    /// `callback` runs once when the client leaves; at once if it already left.
    void when_gone(std::function<void()> callback);

    void close();
    /// Closes so that the client sees a reset.
    void reset();
    /// Closes, and tells the exchange under way that its client is gone.
    void kill();

  private:
    struct OnRead;
    using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
    using Waiter = asio::async_result<asio::use_awaitable_t<>, void()>::handler_type;

    Task<bool> write_raw(Pieces pieces, std::chrono::milliseconds silence, OnHalfClose half_close);
    Task<bool> write_sealed(Pieces pieces, std::chrono::milliseconds silence,
                            OnHalfClose half_close);
    Task<bool> send_outgoing(std::chrono::milliseconds silence);
    Task<TlsSession::Handshake> shake_hands(Deadline end);
    bool open_received(std::size_t count);
    void send_tls_end();

    void start_read();
    void read_now();
    void drop_buffer();
    void make_room();
    void on_read(const boost::system::error_code& error, std::size_t count);
    void abandon();
    void keep_watching();
    void watch_for_errors();
    Task<void> next_read();
    void resume_waiter();
    Arrival arrival_of(const boost::system::error_code& error) const;
    void arm(Deadline at);
    void on_timer();
    void mark_gone();

    Socket socket_;
    std::unique_ptr<TlsSession> tls_;
    Timer timer_;
    Deadline deadline_ = kNever;
    Deadline timer_at_ = kNever;

    std::unique_ptr<char[]> buffer_;  // none while nothing is held
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;

    std::optional<Waiter> waiter_;  // the coroutine that waits for the read under way
    Arrival last_ = Arrival::bytes;
    std::function<void()> when_gone_;
    bool reading_ = false;
    bool watching_ = false;
    bool watching_errors_ = false;
    bool timed_out_ = false;
    bool gone_ = false;
    bool closed_ = false;
    bool stop_write_when_gone_ = false;
};

}  // namespace ccr::net
