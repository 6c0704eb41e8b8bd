// The TLS half of ConnectionSocket: the same inbox and the same writes, sealed on the wire.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <utility>

#include "net/connection_socket.h"

namespace ccr::net {
namespace {

using ErrorCode = boost::system::error_code;
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kRecord = std::size_t{16} * 1024;  // RFC 8446 section 5.1

std::chrono::milliseconds time_until(Deadline end) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    return std::max(left, std::chrono::milliseconds(1));
}

/// The next bytes to seal, none when all are. What fits into one record is joined into one.
asio::const_buffer next_to_seal(ConnectionSocket::Pieces& pieces, std::string& joined) {
    const std::size_t size = asio::buffer_size(pieces);
    if (size > 0 && size <= kRecord) {
        joined.resize(size);
        asio::buffer_copy(asio::buffer(joined), pieces);
        pieces = {};
        return asio::buffer(joined);
    }
    const auto next =
        std::ranges::find_if(pieces, [](const auto& piece) { return piece.size() > 0; });
    if (next == pieces.end()) return {};
    return std::exchange(*next, asio::const_buffer());
}

}  // namespace

Task<ConnectionSocket::Secured> ConnectionSocket::secure(TlsContext context,
                                                         std::chrono::milliseconds time,
                                                         std::string& why) {
    tls_ = std::make_unique<TlsSession>(context);
    const Deadline end = Clock::now() + time;
    const TlsSession::Handshake outcome = co_await shake_hands(end);
    clear_time();
    if (outcome == TlsSession::Handshake::done) {
        // A request may have come with the end of the handshake.
        open_received(0);
        if (!gone_) co_return Secured::yes;
    }
    why = tls_->failure();
    if (why.empty()) why = "the client left, or took too long";
    // What is said from here on is not sealed.
    const auto ended = std::exchange(tls_, nullptr);
    co_return outcome == TlsSession::Handshake::plain_http ? Secured::plain_http : Secured::no;
}

Task<TlsSession::Handshake> ConnectionSocket::shake_hands(Deadline end) {
    using Handshake = TlsSession::Handshake;
    for (;;) {
        const Handshake outcome = tls_->go_on();
        if (outcome == Handshake::plain_http) co_return outcome;
        const bool sent = co_await send_outgoing(time_until(end));
        if (!sent) co_return Handshake::failed;
        if (outcome != Handshake::unfinished) co_return outcome;
        set_time(time_until(end));
        auto [failed, count] = co_await socket_.async_read_some(tls_->room(), kAwait);
        if (failed) co_return Handshake::failed;
        tls_->take_received(count);
    }
}

/// Opens what was received into the inbox. False when nothing came of it yet, and it may.
bool ConnectionSocket::open_received(std::size_t count) {
    if (count > 0) tls_->take_received(count);
    const std::size_t before = end_;
    for (;;) {
        if (capacity_ == end_) {
            auto larger = std::make_unique_for_overwrite<char[]>(capacity_ + 2 * kRecord);
            std::copy_n(buffer_.get(), end_, larger.get());
            buffer_ = std::move(larger);
            capacity_ += 2 * kRecord;
        }
        std::size_t opened = 0;
        const auto what = tls_->open(asio::buffer(buffer_.get() + end_, capacity_ - end_), opened);
        end_ += opened;
        if (what == TlsSession::Opened::bytes) continue;
        const bool nothing = end_ == before;
        if (what == TlsSession::Opened::end) {
            if (nothing) last_ = Arrival::end;
            mark_gone();
            return true;
        }
        if (nothing && timed_out_) last_ = Arrival::timeout;
        return !nothing || timed_out_;
    }
}

Task<bool> ConnectionSocket::write_sealed(Pieces pieces, std::chrono::milliseconds silence,
                                          OnHalfClose half_close) {
    std::string joined;
    asio::const_buffer plain = next_to_seal(pieces, joined);
    while (plain.size() > 0) {
        const std::size_t taken = tls_->seal(plain);
        const std::string sealed = tls_->take_outgoing();
        if (taken == 0) {
            mark_gone();
            co_return false;
        }
        Pieces all{asio::buffer(sealed)};
        const bool sent = co_await write_raw(all, silence, half_close);
        if (!sent) co_return false;
        plain += taken;
        if (plain.size() == 0) plain = next_to_seal(pieces, joined);
    }
    co_return true;
}

Task<bool> ConnectionSocket::send_outgoing(std::chrono::milliseconds silence) {
    const std::string sealed = tls_->take_outgoing();
    if (sealed.empty()) co_return true;
    Pieces pieces{asio::buffer(sealed)};
    co_return co_await write_raw(pieces, silence, OnHalfClose::carry_on);
}

/// Best effort: a client whose buffers are full learns of the end from the connection's.
void ConnectionSocket::send_tls_end() {
    if (!tls_) return;
    tls_->seal_end();
    const std::string sealed = tls_->take_outgoing();
    ErrorCode ignored;
    socket_.write_some(asio::buffer(sealed), ignored);
}

}  // namespace ccr::net
