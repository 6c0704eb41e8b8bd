// The tools of a Chat Completions request and which of them may be called.
#pragma once

#include "base/error.h"
#include "chat/conversation.h"
#include "json/document.h"

namespace ccr::wire::openai_chat {

/// Reads `tools`, `tool_choice` and `parallel_tool_calls`, and the `functions` and `function_call`
/// of the API before tools. Error: invalid_request naming the member.
Result<void> decode_tools(json::View body, chat::Conversation& conversation);

}  // namespace ccr::wire::openai_chat
