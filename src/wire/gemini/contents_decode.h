// The `contents` and `systemInstruction` of a generateContent request to turns.
//
// Function calls may come without ids: such calls are numbered in their order, and each response
// answers the oldest unanswered call of its name.
#pragma once

#include <string>

#include "base/error.h"
#include "chat/conversation.h"
#include "json/document.h"

namespace ccr::wire::gemini {

/// The error of every decoder of requests: "where: what".
std::unexpected<Error> wrong(std::string_view where, std::string_view what);

/// Appends to `conversation.turns`; what has to be made is kept in its arena.
/// Error: invalid_request, "contents[i].parts[j]: what".
Result<void> decode_contents(json::View body, chat::Conversation& conversation);

}  // namespace ccr::wire::gemini
