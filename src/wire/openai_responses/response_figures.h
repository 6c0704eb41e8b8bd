// What a whole response says of itself beside its output: the tokens, and why it ended.
//
// Pure functions.
#pragma once

#include "chat/reply.h"
#include "json/document.h"

namespace ccr::wire::openai_responses {

chat::Usage decode_usage(json::View usage);

/// Why an answer stopped, as its status and incomplete_details say.
chat::StopReason stop_reason_of(json::View response);

}  // namespace ccr::wire::openai_responses
