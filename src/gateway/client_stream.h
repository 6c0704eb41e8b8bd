// ClientStream: the client's half of a streamed answer - when it is opened, what has been sent, and
// the pings that bridge silence. Survives attempts: a second upstream goes on where the first
// delivered nothing.
//
// Lives in one request's coroutine.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/continuation.h"
#include "gateway/pace.h"
#include "gateway/reasons.h"
#include "net/http_server.h"
#include "wire/codec.h"

namespace ccr::gateway {

class ClientStream {
  public:
    /// All references must outlive the stream.
    ClientStream(net::Exchange& exchange, const wire::Codec& client,
                 const wire::AnswerContext& context, const Pace& pace);

    /// What routing has to say goes into the head of the answer; it must outlive the stream.
    void add_headers(const Reasons& reasons) { reasons_ = &reasons; }

    /// Appends what the client gets of `event` to `out`. The answer's id is ours.
    void deliver(const chat::StreamEvent& event, std::string& out);
    /// From now on an answer that breaks off may be gone on with.
    void allow_continuation() { continuation_.emplace(); }
    /// nullptr where that was not allowed.
    Continuation* continuation() { return continuation_ ? &*continuation_ : nullptr; }
    /// The client has the start of the message, so no later attempt may send another.
    bool started() const { return started_; }
    void mark_started() { started_ = true; }

    /// When heartbeat() is due.
    net::Deadline next_heartbeat() const { return next_heartbeat_; }
    /// Opens the stream if it is not open yet; pings if the upstream has proved to be alive lately.
    net::Task<Result<void>> heartbeat(net::Clock::time_point upstream_last_byte);

    /// Sends bytes, opening the stream first. Returns when the socket has taken them.
    net::Task<Result<void>> write(std::string_view bytes);
    /// Sends the last bytes, if there are any, and the end of the stream with them.
    net::Task<Result<void>> finish(std::string_view last);
    /// Ends the stream with an error event in the client's shape.
    net::Task<Result<void>> fail(Error error);

  private:
    net::Headers head() const;

    net::Exchange& exchange_;
    const Pace& pace_;
    Protocol protocol_;
    std::string request_id_;
    const Reasons* reasons_ = nullptr;
    std::unique_ptr<wire::StreamEncoder> encoder_;
    std::optional<Continuation> continuation_;
    bool started_ = false;
    net::Deadline next_heartbeat_;
};

}  // namespace ccr::gateway
