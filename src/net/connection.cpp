#include "net/connection.h"

#include <fmt/core.h>

#include <exception>
#include <optional>

#include "base/log.h"
#include "net/answer_head.h"
#include "net/connection_exchange.h"
#include "net/request_head.h"

namespace ccr::net {
namespace {

constexpr std::chrono::seconds kRetryAfterStop{2};

/// Lists a socket in its group while it lives.
class Listed {
  public:
    Listed(ConnectionGroup& group, ConnectionSocket& socket) : group_(group), socket_(socket) {
        group_.sockets.insert(&socket_);
    }
    ~Listed() { group_.sockets.erase(&socket_); }
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;

  private:
    ConnectionGroup& group_;
    ConnectionSocket& socket_;
};

/// What came of waiting for a head: a head, a refusal, or neither (the connection is over).
struct NextHead {
    std::optional<ParsedHead> head;
    std::optional<Error> refusal;
    std::string target;
};

/// RFC 9112 section 2.2: empty lines before a request line are skipped.
bool skip_empty_lines(ConnectionSocket& socket) {
    bool skipped = false;
    while (socket.inbox().starts_with("\r\n")) {
        socket.consume(2);
        skipped = true;
    }
    return skipped;
}

NextHead refuse(Error error, std::string_view raw) {
    NextHead next;
    next.refusal = std::move(error);
    next.target = target_of(raw);
    return next;
}

NextHead take_head(ConnectionSocket& socket, std::size_t length) {
    const std::string_view raw = socket.inbox().substr(0, length);
    auto parsed = parse_head(raw);
    if (!parsed) return refuse(std::move(parsed).error(), raw);
    socket.consume(length);
    NextHead next;
    next.head = std::move(*parsed);
    return next;
}

Error head_too_large(std::size_t limit) {
    return make_error(
        ErrorKind::headers_too_large,
        fmt::format("The request head is larger than {} bytes; send fewer or shorter headers.",
                    limit));
}

Error head_too_slow(std::chrono::milliseconds limit) {
    return make_error(ErrorKind::request_timeout,
                      fmt::format("The request head was not complete within {} ms; send it again.",
                                  limit.count()));
}

Task<NextHead> next_head(ConnectionSocket& socket, const ServerLimits& limits) {
    HeadScanner scanner;
    bool begun = false;
    socket.set_time(limits.keep_alive_time);
    while (true) {
        if (skip_empty_lines(socket)) scanner = HeadScanner();
        const std::string_view bytes = socket.inbox();
        const auto state = scanner.scan(bytes);
        const bool complete = state == HeadScanner::State::complete;
        if ((complete ? scanner.length() : bytes.size() + 1) > limits.head_bytes) {
            co_return refuse(head_too_large(limits.head_bytes), bytes);
        }
        if (complete) co_return take_head(socket, scanner.length());
        if (state == HeadScanner::State::broken) {
            co_return refuse(make_error(ErrorKind::invalid_request,
                                        "The request is malformed: a line does not end in CR LF."),
                             bytes);
        }
        if (!begun && !bytes.empty()) {
            begun = true;
            socket.set_time(limits.head_time);
        }
        const Arrival arrival = co_await socket.fill();
        if (arrival == Arrival::bytes) continue;
        const bool slow = arrival == Arrival::timeout && begun;
        co_return slow ? refuse(head_too_slow(limits.head_time), socket.inbox()) : NextHead();
    }
}

NextHead refuse_while_stopping(const RequestHead& head) {
    NextHead next;
    next.refusal = make_error(ErrorKind::overloaded,
                              "This server is stopping; send the request again in a moment.");
    next.refusal->fault = Fault::gateway;
    next.refusal->retry_after = kRetryAfterStop;
    next.target = head.target;
    return next;
}

/// Answers a request that never reaches the handler, and ends the connection.
Task<void> answer_refusal(ConnectionSocket& socket, const ServerShared& server,
                          const NextHead& next) {
    Answer answer = server.refusal(*next.refusal, next.target);
    AnswerShape shape;
    shape.length = answer.body.size();
    shape.keep_alive = false;
    std::string head;
    append_answer_head(head, answer.status, answer.headers, shape);
    ConnectionSocket::Pieces pieces{asio::buffer(head), asio::buffer(answer.body)};
    if (co_await socket.write(pieces, server.limits.write_silence, OnHalfClose::carry_on)) {
        co_await socket.linger();
    }
}

void log_failure(std::string_view target, std::string_view what) {
    const std::string_view path = target.substr(0, target.find('?'));
    log::error("the handler of a request has failed", {{"path", path}, {"err", what}});
}

/// Runs the handler; nothing that it throws gets past here.
Task<void> run_handler(const ServerShared& server, ConnectionExchange& exchange) {
    std::string what;
    try {
        co_await server.handler(exchange);
        if (!exchange.unanswered() || exchange.gone()) co_return;
        what = "it ended without an answer";
    } catch (const std::exception& failure) {
        what = failure.what();
    } catch (...) {
        what = "unknown exception";
    }
    log_failure(exchange.head().target, what);
    if (exchange.opened()) exchange.abort();
}

/// The answer to a request whose handler has failed or has forgotten it.
Task<void> answer_failure(const ServerShared& server, ConnectionExchange& exchange) {
    const Error error =
        make_error(ErrorKind::internal, "ccr failed to answer this request; its log says more.");
    Answer answer = server.refusal(error, exchange.head().target);
    answer.headers.set("connection", "close");
    const auto sent = co_await exchange.send(std::move(answer));
    if (!sent) exchange.abort();
}

enum class Next : std::uint8_t { request, linger, close };

/// One request, and what becomes of the connection after it.
Task<Next> serve_request(std::shared_ptr<ServerShared> shared, ConnectionSocket& socket,
                         ParsedHead request) {
    const Counted counted(shared, &ServerShared::exchanges);
    const ServerShared& server = *shared;
    ConnectionExchange exchange(socket, *shared, std::move(request));
    co_await run_handler(server, exchange);
    if (exchange.unanswered() && !exchange.gone()) co_await answer_failure(server, exchange);
    if (!exchange.complete()) exchange.abort();
    if (exchange.aborted()) co_return Next::close;
    const bool ready = co_await exchange.prepare_next();
    // A client that was promised another request may have sent it by now.
    co_return ready ? Next::request : Next::linger;
}

/// Takes up TLS. False when the connection is over instead.
Task<bool> begin_tls(ConnectionSocket& socket, const ServerShared& server, TlsContext tls,
                     const std::string& peer) {
    using Secured = ConnectionSocket::Secured;
    std::string why;
    const Secured secured = co_await socket.secure(std::move(tls), server.limits.head_time, why);
    if (secured == Secured::yes) co_return true;
    log::info("a TLS handshake has failed", {{"peer", peer}, {"err", why}});
    if (secured == Secured::plain_http) {
        NextHead next;
        next.refusal = make_error(ErrorKind::invalid_request,
                                  "This port speaks TLS; begin its URL with https://.");
        co_await answer_refusal(socket, server, next);
    } else if (!socket.gone()) {
        co_await socket.linger();
    }
    co_return false;
}

}  // namespace

Task<void> serve_connection(std::shared_ptr<ServerShared> server,
                            std::shared_ptr<ConnectionGroup> group,
                            std::shared_ptr<ConnectionSocket> socket, ConnectionPeer peer,
                            TlsContext tls, [[maybe_unused]] Counted slot) {
    Listed listed(*group, *socket);
    const bool over_tls = tls != nullptr;
    bool usable = true;
    if (over_tls) usable = co_await begin_tls(*socket, *server, std::move(tls), peer.name);
    while (usable) {
        NextHead next = co_await next_head(*socket, server->limits);
        socket->clear_time();
        if (next.head && server->refusing) next = refuse_while_stopping(next.head->head);
        if (next.refusal) co_await answer_refusal(*socket, *server, next);
        if (!next.head) break;
        next.head->head.peer = peer.name;
        next.head->head.local = peer.local;
        next.head->head.over_unix_socket = peer.over_unix_socket;
        next.head->head.over_tls = over_tls;
        next.head->head.peer_uid = peer.uid;
        const Next then = co_await serve_request(server, *socket, std::move(*next.head));
        if (then == Next::request) continue;
        if (then == Next::linger) co_await socket->linger();
        break;
    }
    socket->close();
}

}  // namespace ccr::net
