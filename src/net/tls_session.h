// TlsSession: the server's side of one TLS connection, between bytes as received and bytes to send.
// It does no I/O: its connection reads and writes the sealed bytes.
//
// Thread: the connection's. Lifetime: the connection's.
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <string>
#include <string_view>

#include "net/tls_identity.h"

struct ssl_st;

namespace ccr::net {

class TlsSession {
  public:
    enum class Handshake : std::uint8_t { unfinished, done, failed, plain_http };
    /// What opening sealed bytes came to: `more` = no plain byte until more has come; `end` = the
    /// client has said that it sends no more, or what it sent is broken.
    enum class Opened : std::uint8_t { bytes, more, end };

    explicit TlsSession(const TlsContext& context);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;

    /// Where the connection reads sealed bytes to.
    asio::mutable_buffer room() { return asio::buffer(room_); }
    /// So many bytes are in room(), which is free again afterwards.
    void take_received(std::size_t count);

    /// Goes on with what was received. What there is to send is in take_outgoing().
    Handshake go_on();
    /// Why the handshake has failed.
    const std::string& failure() const { return failure_; }

    /// Plain bytes into `to`; `count` says how many.
    Opened open(asio::mutable_buffer to, std::size_t& count);
    /// Seals the beginning of `plain`; returns how many of its bytes. 0 when that is impossible.
    std::size_t seal(asio::const_buffer plain);
    /// Seals the word that no more will come.
    void seal_end();
    /// Sealed bytes for the client, handed out once.
    std::string take_outgoing();

  private:
    std::string why_failed() const;

    TlsContext context_;
    ssl_st* tls_ = nullptr;
    std::string failure_;
    std::array<char, std::size_t{16} * 1024> room_;
};

}  // namespace ccr::net
