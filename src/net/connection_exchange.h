// One request and its answer on a connection: the server's Exchange.
//
// Thread: the connection's. Lifetime: from the parsed head to the handler's end, in the
// connection's coroutine.
#pragma once

#include <string>
#include <string_view>

#include "net/answer_head.h"
#include "net/body_reader.h"
#include "net/connection.h"
#include "net/connection_socket.h"
#include "net/http_server.h"
#include "net/request_head.h"

namespace ccr::net {

class ConnectionExchange final : public Exchange {
  public:
    /// Answers end their connections once the server is stopping.
    ConnectionExchange(ConnectionSocket& socket, ServerShared& server, ParsedHead request);
    ~ConnectionExchange() override;
    ConnectionExchange(const ConnectionExchange&) = delete;
    ConnectionExchange& operator=(const ConnectionExchange&) = delete;

    const RequestHead& head() const override { return request_.head; }
    Task<Result<std::string>> read_body(std::size_t limit) override { return body_.read(limit); }
    void body_is_gone() override { body_.forget(); }
    Task<Result<void>> send(Answer answer) override;
    Task<Result<void>> open(int status, Headers headers, std::string_view first) override;
    Task<Result<void>> write(std::string_view bytes) override;
    Task<Result<void>> finish(std::string_view last) override;
    Task<Result<void>> send_chunked(int status, Headers headers, std::string_view all) override;
    void abort() override;
    void when_gone(std::function<void()> callback) override;
    bool gone() const override { return socket_.gone(); }
    bool opened() const override { return opened_; }

    /// Nothing was sent, and nothing stands in the way of sending.
    bool unanswered() const { return state_ == State::unanswered; }
    /// The answer is complete and clean.
    bool complete() const { return state_ == State::complete; }
    bool aborted() const { return state_ == State::aborted; }
    /// After a complete answer: makes the connection ready for the next request. False when it must
    /// close.
    Task<bool> prepare_next();

  private:
    enum class State : std::uint8_t { unanswered, streaming, complete, aborted };

    bool decide_keep_alive(const Headers& headers) const;
    AnswerShape begin_answer(int status, AnswerBody body, const Headers& headers);
    Task<Result<void>> put(ConnectionSocket::Pieces pieces, OnHalfClose half_close);
    std::string open_head(int status, const Headers& headers);
    Task<Result<void>> put_chunk(std::string& head, std::string_view bytes, std::string_view end);
    Task<Result<void>> put_end(std::string& head, std::string_view bytes);
    void complete_answer();

    ConnectionSocket& socket_;
    const ServerShared& server_;
    ParsedHead request_;
    BodyReader body_;
    State state_ = State::unanswered;
    AnswerBody framing_ = AnswerBody::length;
    bool head_only_ = false;  // a HEAD request, or a status without a body
    bool keep_alive_ = false;
    bool opened_ = false;
};

}  // namespace ccr::net
