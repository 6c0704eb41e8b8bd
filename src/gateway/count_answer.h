// The answer to a question for a count of tokens, in the caller's shape. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "base/protocol.h"
#include "json/document.h"

namespace ccr::gateway {

std::string count_body(Protocol client, std::int64_t tokens);

/// The request whose tokens are to be counted: the body itself, or what Gemini's countTokens holds
/// under `generateContentRequest` (ai.google.dev/api/tokens).
json::View counted_request(Protocol client, json::View body);

}  // namespace ccr::gateway
