// The `messages` array of a Chat Completions request to turns.
//
// Chat is flat where the hub has ordered blocks: reasoning, then content, then tool calls make one
// assistant turn; consecutive tool messages and a user message right behind them make one user
// turn.
#pragma once

#include "base/error.h"
#include "chat/conversation.h"
#include "json/document.h"

namespace ccr::wire::openai_chat {

/// Appends to `conversation.turns`; what has to be made is kept in its arena.
/// Error: invalid_request, "messages[i].member: what".
Result<void> decode_messages(json::View messages, chat::Conversation& conversation);

}  // namespace ccr::wire::openai_chat
