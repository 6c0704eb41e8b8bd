// The tools of a Responses request and which of them may be called.
#pragma once

#include <string>

#include "base/error.h"
#include "chat/conversation.h"
#include "json/document.h"

namespace ccr::wire::openai_responses {

/// Appends the tools of an array to the conversation, those of namespaces under their flat names; a
/// name that is there already is not added again.
Result<void> decode_tools(json::View tools, const std::string& where,
                          chat::Conversation& conversation);

/// Reads `tool_choice` and `parallel_tool_calls`; the tools must have been read.
Result<void> decode_tool_choice(json::View body, chat::Conversation& conversation);

}  // namespace ccr::wire::openai_responses
