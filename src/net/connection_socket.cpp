#include "net/connection_socket.h"

#include <poll.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <cstring>
#include <exception>
#include <utility>

#include "base/copy.h"
#include "base/log.h"
#include "net/pass_descriptors.h"

namespace ccr::net {
namespace {

using ErrorCode = boost::system::error_code;

constexpr std::size_t kRoom = 16 * 1024;
constexpr std::size_t kPipelinedBytes = 64 * 1024;  // read ahead at most while a handler runs
constexpr auto kLingerTime = std::chrono::seconds(5);
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

void drop_front(ConnectionSocket::Pieces& pieces, std::size_t count) {
    for (asio::const_buffer& piece : pieces) {
        const std::size_t taken = std::min(count, piece.size());
        piece += taken;
        count -= taken;
    }
}

}  // namespace

/// The completion of a read, or of the wait for one. Destroyed unrun (a context that ends), it lets
/// go of the coroutine that waits, which would otherwise own the socket that owns it.
struct ConnectionSocket::OnRead {
    std::shared_ptr<ConnectionSocket> self;

    explicit OnRead(std::shared_ptr<ConnectionSocket> socket) : self(std::move(socket)) {}
    OnRead(OnRead&&) noexcept = default;
    ~OnRead() {
        if (self) self->abandon();
    }
    void operator()(const ErrorCode& error, std::size_t count) {
        const auto socket = std::move(self);
        socket->on_read(error, count);
    }
    void operator()(const ErrorCode& error) {
        const auto socket = std::move(self);
        if (error)
            socket->on_read(error, 0);
        else
            socket->read_now();
    }
};

ConnectionSocket::ConnectionSocket(Socket socket)
    : socket_(std::move(socket)), timer_(socket_.get_executor()) {
    ErrorCode ignored;
    socket_.non_blocking(true, ignored);
}

// ---- reading

Task<Arrival> ConnectionSocket::fill() {
    if (gone_) co_return Arrival::end;
    if (!reading_) start_read();
    co_await next_read();
    co_return last_;
}

Task<Received> ConnectionSocket::receive(char* to, std::size_t most) {
    if (begin_ == end_ && (reading_ || (tls_ && !gone_))) {
        if (!reading_) start_read();
        co_await next_read();
        if (last_ != Arrival::bytes) co_return Received{last_, 0};
    }
    if (begin_ < end_) {
        const std::size_t count = std::min(most, end_ - begin_);
        copy_bytes(to, {buffer_.get() + begin_, count});
        begin_ += count;
        co_return Received{Arrival::bytes, count};
    }
    if (gone_) co_return Received{Arrival::end, 0};
    auto [error, count] = co_await socket_.async_read_some(asio::buffer(to, most), kAwait);
    const Arrival arrival = arrival_of(error);
    if (arrival == Arrival::end) mark_gone();
    co_return Received{arrival, count};
}

Task<void> ConnectionSocket::next_read() {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
        [this](auto handler) { waiter_.emplace(std::move(handler)); }, asio::use_awaitable);
}

// Most connections wait for most of their time; meanwhile they need no buffer.
void ConnectionSocket::start_read() {
    reading_ = true;
    if (begin_ == end_) drop_buffer();
    if (tls_ && begin_ > 0) make_room();
    if (tls_)
        socket_.async_read_some(tls_->room(), OnRead(shared_from_this()));
    else
        socket_.async_wait(Socket::wait_read, OnRead(shared_from_this()));
}

void ConnectionSocket::read_now() {
    make_room();
    ErrorCode error;
    const std::size_t count =
        socket_.read_some(asio::buffer(buffer_.get() + end_, capacity_ - end_), error);
    // A wait may end for nothing, and its time with it.
    if (error == asio::error::would_block && !timed_out_) return start_read();
    if (error == asio::error::would_block) error = asio::error::operation_aborted;
    on_read(error, count);
}

void ConnectionSocket::drop_buffer() {
    buffer_.reset();
    capacity_ = begin_ = end_ = 0;
}

void ConnectionSocket::make_room() {
    const std::size_t held = end_ - begin_;
    if (capacity_ - held < kRoom / 2) {
        const std::size_t wanted = std::max(kRoom, capacity_ * 2);
        auto larger = std::make_unique_for_overwrite<char[]>(wanted);
        std::copy_n(buffer_.get() + begin_, held, larger.get());
        buffer_ = std::move(larger);
        capacity_ = wanted;
    } else if (begin_ > 0) {
        std::memmove(buffer_.get(), buffer_.get() + begin_, held);
    }
    begin_ = 0;
    end_ = held;
}

Arrival ConnectionSocket::arrival_of(const ErrorCode& error) const {
    if (!error) return Arrival::bytes;
    const bool cancelled = error == asio::error::operation_aborted;
    return cancelled && timed_out_ && !closed_ ? Arrival::timeout : Arrival::end;
}

void ConnectionSocket::on_read(const ErrorCode& error, std::size_t count) {
    reading_ = false;
    last_ = arrival_of(error);
    if (tls_ && last_ == Arrival::bytes) {
        if (!open_received(count)) return start_read();
    } else {
        end_ += count;
    }
    if (last_ == Arrival::end) mark_gone();
    if (waiter_) {
        resume_waiter();
    } else if (watching_ && last_ == Arrival::bytes) {
        keep_watching();
    }
}

void ConnectionSocket::resume_waiter() {
    Waiter waiter = std::move(*waiter_);
    waiter_.reset();
    waiter();
}

void ConnectionSocket::abandon() {
    reading_ = false;
    const auto dropped = std::exchange(waiter_, std::nullopt);
}

// ---- watching

void ConnectionSocket::watch() {
    watching_ = true;
    if (!reading_ && !gone_) keep_watching();
}

void ConnectionSocket::keep_watching() {
    if (end_ - begin_ < kPipelinedBytes) {
        start_read();
    } else {
        watch_for_errors();
    }
}

void ConnectionSocket::watch_for_errors() {
    if (watching_errors_) return;
    watching_errors_ = true;
    socket_.async_wait(Socket::wait_error, [self = shared_from_this()](const ErrorCode& error) {
        self->watching_errors_ = false;
        if (error || self->closed_) return;
        // Urgent data wakes this wait too.
        pollfd state{self->socket_.native_handle(), 0, 0};
        if (::poll(&state, 1, 0) == 1 && (state.revents & (POLLERR | POLLHUP)) != 0)
            self->mark_gone();
    });
}

void ConnectionSocket::when_gone(std::function<void()> callback) {
    when_gone_ = std::move(callback);
    if (gone_ && when_gone_) std::exchange(when_gone_, nullptr)();
}

void ConnectionSocket::mark_gone() {
    if (gone_) return;
    gone_ = true;
    ErrorCode ignored;
    if (stop_write_when_gone_) socket_.cancel(ignored);
    auto callback = std::exchange(when_gone_, nullptr);
    if (!callback) return;
    try {
        callback();
    } catch (const std::exception& failure) {
        log::error("a callback for a client that left has failed", {{"err", failure.what()}});
    } catch (...) {
        log::error("a callback for a client that left has failed");
    }
}

// ---- writing

Task<bool> ConnectionSocket::write_raw(Pieces pieces, std::chrono::milliseconds silence,
                                       OnHalfClose half_close) {
    while (true) {
        ErrorCode error;
        drop_front(pieces, socket_.write_some(pieces, error));
        if (!error && asio::buffer_size(pieces) == 0) co_return true;
        if (error && error != asio::error::would_block) break;
        if (!error) continue;
        if (gone_ && half_close == OnHalfClose::stop) break;
        set_time(silence);
        stop_write_when_gone_ = half_close == OnHalfClose::stop;
        auto [failed] = co_await socket_.async_wait(Socket::wait_write, kAwait);
        stop_write_when_gone_ = false;
        clear_time();
        if (failed) break;
    }
    mark_gone();
    co_return false;
}

bool ConnectionSocket::pass(std::string_view bytes, std::span<const int> descriptors) {
    const ssize_t sent = send_with_descriptors(socket_.native_handle(), bytes, descriptors);
    if (sent == static_cast<ssize_t>(bytes.size())) return true;
    mark_gone();
    return false;
}

Task<void> ConnectionSocket::linger() {
    ErrorCode error;
    send_tls_end();
    socket_.shutdown(Socket::shutdown_send, error);
    unwatch();
    set_time(kLingerTime);
    Arrival arrival = error ? Arrival::end : Arrival::bytes;
    while (arrival == Arrival::bytes) {
        consume(inbox().size());
        arrival = co_await fill();
    }
    close();
}

// ---- time

void ConnectionSocket::set_time(std::chrono::milliseconds time) {
    timed_out_ = false;
    deadline_ = Clock::now() + time;
    // A pending timer that fires earlier is left alone and armed again then: most deadlines never
    // come.
    if (deadline_ < timer_at_) arm(deadline_);
}

void ConnectionSocket::arm(Deadline at) {
    timer_at_ = at;
    timer_.expires_at(at);
    timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
        if (!error && !self->closed_) self->on_timer();
    });
}

void ConnectionSocket::on_timer() {
    timer_at_ = kNever;
    if (deadline_ == kNever) return;
    if (deadline_ > Clock::now()) {
        arm(deadline_);
        return;
    }
    deadline_ = kNever;
    timed_out_ = true;
    ErrorCode ignored;
    socket_.cancel(ignored);
}

// ---- ending

void ConnectionSocket::close() {
    if (closed_) return;
    closed_ = true;
    when_gone_ = nullptr;
    timer_.cancel();
    ErrorCode ignored;
    socket_.close(ignored);
}

void ConnectionSocket::reset() {
    ErrorCode ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
}

void ConnectionSocket::kill() {
    mark_gone();
    close();
}

}  // namespace ccr::net
