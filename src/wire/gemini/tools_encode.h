// Tools and the choice among them, towards a provider.
#pragma once

#include "chat/conversation.h"
#include "chat/loss.h"
#include "json/writer.h"

namespace ccr::wire::gemini {

/// Writes the members `tools` and `toolConfig`. True when there are function declarations.
bool encode_tools(json::Writer& w, const chat::Conversation& conversation, chat::Losses& losses);

}  // namespace ccr::wire::gemini
