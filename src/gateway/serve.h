// serve(): one request for an answer of a model - the table of contents of the gateway.
#pragma once

#include "gateway/call.h"

namespace ccr::gateway {

/// Reads, decodes, routes, tries the targets in order and relays the first good answer. Error:
/// nothing was sent; the caller refuses in the client's shape.
net::Task<Result<void>> serve(Call& call);

/// Counts the tokens of a request without sending it anywhere.
net::Task<Result<void>> count_tokens(Call& call);

/// Reads and checks the body; fills body, document, root and conversation.
net::Task<Result<void>> read_request(Call& call);

}  // namespace ccr::gateway
