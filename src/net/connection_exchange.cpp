#include "net/connection_exchange.h"

#include <fmt/core.h>

#include <iterator>

namespace ccr::net {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::string_view kLineEndAndLastChunk = "\r\n0\r\n\r\n";

std::unexpected<Error> client_gone() {
    return fail(ErrorKind::client_gone,
                "The client closed its connection before the answer was complete.");
}

std::unexpected<Error> misuse(std::string_view what) {
    return fail(ErrorKind::internal, fmt::format("An answer was written out of order: {}.", what));
}

}  // namespace

ConnectionExchange::ConnectionExchange(ConnectionSocket& socket, ServerShared& server,
                                       ParsedHead request)
    : socket_(socket),
      server_(server),
      request_(std::move(request)),
      body_(socket, request_.body, server.limits, server.bodies) {}

ConnectionExchange::~ConnectionExchange() {
    socket_.when_gone(nullptr);
}

bool ConnectionExchange::decide_keep_alive(const Headers& headers) const {
    const auto wish = headers.get("connection");
    if (wish && iequals(*wish, "close")) return false;
    // A client that ended its sending side may have pipelined more before.
    const bool more_may_come = !socket_.gone() || !socket_.inbox().empty();
    return request_.keep_alive && !server_.stopping && more_may_come && body_.can_drain();
}

AnswerShape ConnectionExchange::begin_answer(int status, AnswerBody body, const Headers& headers) {
    framing_ = is_bodiless(status) ? AnswerBody::none : body;
    head_only_ = framing_ == AnswerBody::none || request_.head.method == "HEAD";
    if (framing_ == AnswerBody::chunked && !request_.http11) framing_ = AnswerBody::until_close;
    keep_alive_ = framing_ != AnswerBody::until_close && decide_keep_alive(headers);
    state_ = State::streaming;
    opened_ = true;
    AnswerShape shape;
    shape.body = framing_;
    shape.keep_alive = keep_alive_;
    shape.http11 = request_.http11;
    return shape;
}

Task<Result<void>> ConnectionExchange::put(ConnectionSocket::Pieces pieces,
                                           OnHalfClose half_close) {
    const bool sent = co_await socket_.write(pieces, server_.limits.write_silence, half_close);
    if (!sent) co_return client_gone();
    co_return Result<void>{};
}

Task<Result<void>> ConnectionExchange::send(Answer answer) {
    if (state_ == State::aborted) co_return client_gone();
    if (state_ != State::unanswered) co_return misuse("an answer was already begun");
    AnswerShape shape = begin_answer(answer.status, AnswerBody::length, answer.headers);
    shape.length = answer.body.size();
    std::string head;
    append_answer_head(head, answer.status, answer.headers, shape);
    ConnectionSocket::Pieces pieces{asio::buffer(head)};
    if (!head_only_) pieces[1] = asio::buffer(answer.body);
    if (!answer.descriptors.empty()) {
        head += answer.body;
        if (!socket_.pass(head, answer.descriptors)) co_return client_gone();
        complete_answer();
        co_return Result<void>{};
    }
    // A client that only ended its sending side still reads a complete answer.
    CO_TRY_DO(co_await put(pieces, OnHalfClose::carry_on));
    complete_answer();
    co_return Result<void>{};
}

Task<Result<void>> ConnectionExchange::open(int status, Headers headers, std::string_view first) {
    if (state_ == State::aborted || socket_.gone()) co_return client_gone();
    if (state_ != State::unanswered) co_return misuse("an answer was already begun");
    std::string head = open_head(status, headers);
    co_return co_await put_chunk(head, first, kLineEnd);
}

Task<Result<void>> ConnectionExchange::send_chunked(int status, Headers headers,
                                                    std::string_view all) {
    if (state_ == State::aborted || socket_.gone()) co_return client_gone();
    if (state_ != State::unanswered) co_return misuse("an answer was already begun");
    std::string head = open_head(status, headers);
    co_return co_await put_end(head, all);
}

std::string ConnectionExchange::open_head(int status, const Headers& headers) {
    const AnswerShape shape = begin_answer(status, AnswerBody::chunked, headers);
    std::string head;
    append_answer_head(head, status, headers, shape);
    if (!body_.finished()) socket_.watch();
    return head;
}

Task<Result<void>> ConnectionExchange::write(std::string_view bytes) {
    if (state_ == State::aborted || socket_.gone()) co_return client_gone();
    if (state_ != State::streaming) co_return misuse("no answer is open");
    std::string head;
    co_return co_await put_chunk(head, bytes, kLineEnd);
}

/// Writes what `head` holds and then `bytes` as one chunk (RFC 9112 section 7.1), in one segment.
/// `end` is what stands behind the bytes.
Task<Result<void>> ConnectionExchange::put_chunk(std::string& head, std::string_view bytes,
                                                 std::string_view end) {
    ConnectionSocket::Pieces pieces{};
    const bool has_data = !bytes.empty() && !head_only_;
    if (has_data && framing_ == AnswerBody::chunked) {
        fmt::format_to(std::back_inserter(head), "{:x}\r\n", bytes.size());
        pieces[2] = asio::buffer(end);
    }
    pieces[0] = asio::buffer(head);
    if (has_data) pieces[1] = asio::buffer(bytes);
    co_return co_await put(pieces, OnHalfClose::stop);
}

/// The same, and the end of the answer behind it.
Task<Result<void>> ConnectionExchange::put_end(std::string& head, std::string_view bytes) {
    const bool has_chunks = framing_ == AnswerBody::chunked && !head_only_;
    if (has_chunks && bytes.empty()) head += kLastChunk;
    CO_TRY_DO(co_await put_chunk(head, bytes, kLineEndAndLastChunk));
    complete_answer();
    co_return Result<void>{};
}

Task<Result<void>> ConnectionExchange::finish(std::string_view last) {
    if (state_ == State::aborted || socket_.gone()) co_return client_gone();
    if (state_ != State::streaming) co_return misuse("no answer is open");
    std::string head;
    co_return co_await put_end(head, last);
}

void ConnectionExchange::complete_answer() {
    state_ = State::complete;
    socket_.when_gone(nullptr);
}

void ConnectionExchange::abort() {
    if (state_ == State::complete || state_ == State::aborted) return;
    state_ = State::aborted;
    // Where the end of the connection is the end of the answer, only a reset shows that it is
    // broken.
    if (framing_ == AnswerBody::until_close) {
        socket_.reset();
    } else {
        socket_.close();
    }
}

void ConnectionExchange::when_gone(std::function<void()> callback) {
    if (state_ == State::complete || state_ == State::aborted) return;
    if (callback && !body_.finished()) socket_.watch();
    socket_.when_gone(std::move(callback));
}

Task<bool> ConnectionExchange::prepare_next() {
    if (!keep_alive_) co_return false;
    co_return co_await body_.drain();
}

}  // namespace ccr::net
