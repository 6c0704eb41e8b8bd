// The `input` of a Responses request to turns.
//
// Items are flat: neighbouring items of the model make one assistant turn; outputs of its calls and
// a user message right behind them make one user turn.
#pragma once

#include "base/error.h"
#include "chat/conversation.h"
#include "json/document.h"

namespace ccr::wire::openai_responses {

/// Appends to `conversation.turns`, and to its tools those that items bring along.
/// Error: invalid_request, "input[i].member: what".
Result<void> decode_items(json::View input, chat::Conversation& conversation);

}  // namespace ccr::wire::openai_responses
