// Relay: an upstream's answer to the client, streamed or whole - first what is waited for before
// anything is committed, then what reaches the client.
//
// One attempt, in one request's coroutine; all references must outlive it.
#pragma once

#include <optional>
#include <string>

#include "chat/reply.h"
#include "gateway/call.h"
#include "gateway/client_stream.h"
#include "gateway/stream_lane.h"
#include "gateway/upstream_call.h"

namespace ccr::gateway {

class Relay {
  public:
    /// `client`: its half of a stream, nullptr for one JSON answer.
    Relay(Call& call, UpstreamCall& upstream, ClientStream* client)
        : call_(call), upstream_(upstream), client_(client) {}

    /// Waits for the first content of a stream, or for all of a whole answer; `company` (if any) is
    /// kept company meanwhile. Error: the attempt failed without a trace.
    net::Task<Result<void>> ready(ClientStream* company);

    /// Sends it. Error: another upstream may go on, the stream's Continuation was interrupted. What
    /// else goes wrong is told inside the stream and noted in the trace.
    net::Task<Result<void>> deliver();

  private:
    net::Task<Result<void>> peek(ClientStream* company);
    net::Task<Result<void>> read(ClientStream* company);
    net::Task<Result<void>> gather();
    net::Task<Result<void>> deliver_lane();
    net::Task<Result<void>> forward();
    net::Task<Result<void>> broken_off(Error error);
    net::Task<Result<void>> tell(Error error);
    net::Task<Result<void>> deliver_reply();
    net::Task<Result<void>> stream_reply();
    net::Task<Result<void>> send_reply();
    bool can_be_continued() const;
    void begin_measuring();

    Call& call_;
    UpstreamCall& upstream_;
    ClientStream* client_;
    std::optional<StreamLane> lane_;  // of a stream for a client that streams; else:
    std::string body_;                // as it came; "" = gathered from a stream
    chat::Reply reply_;               // views body_
};

}  // namespace ccr::gateway
