// The pieces of one Chat Completions message: content parts, tool calls, reasoning.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "chat/conversation.h"
#include "json/document.h"

namespace ccr::wire::openai_chat {

/// The error of every decoder of requests: "where: what".
std::unexpected<Error> wrong(std::string_view where, std::string_view what);

/// A `content` value: a string (empty: no parts), an array of parts, or null/absent (no parts).
Result<std::vector<chat::Part>> decode_content(json::View content, const std::string& where,
                                               Arena& arena);

/// One element of `tool_calls`. Arguments that are no JSON object become {"arguments": "<what
/// came>"}.
Result<chat::Part> decode_tool_call(json::View call, const std::string& where,
                                    std::string_view id_if_none, Arena& arena);

/// The reasoning members of an assistant message (reasoning_content, reasoning, thinking,
/// reasoning_details); nothing when it has none.
std::vector<chat::Part> decode_reasoning(json::View message, Arena& arena);

/// Whether a member of a message is one of those that decode_reasoning() reads.
bool is_reasoning_member(json::Text key);

}  // namespace ccr::wire::openai_chat
