// The `tools` and `toolConfig` of a generateContent request.
#pragma once

#include "base/error.h"
#include "chat/conversation.h"
#include "json/document.h"

namespace ccr::wire::gemini {

/// Error: invalid_request naming the member.
Result<void> decode_tools(json::View body, chat::Conversation& conversation);

}  // namespace ccr::wire::gemini
