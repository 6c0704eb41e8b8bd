// Relay: an upstream's answer to the client, streamed or whole.
//
// An Error means that another target may be tried: nothing of this attempt reached the client, or
// its Continuation was interrupted. What else goes wrong later is told inside the stream and noted
// in the trace.
#pragma once

#include "gateway/call.h"
#include "gateway/client_stream.h"
#include "gateway/upstream_call.h"

namespace ccr::gateway {

/// To a client that streams.
net::Task<Result<void>> relay_stream(Call& call, UpstreamCall& upstream, ClientStream& client);

/// To a client that wants one JSON answer.
net::Task<Result<void>> relay_whole(Call& call, UpstreamCall& upstream);

}  // namespace ccr::gateway
