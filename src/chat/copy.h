// Copies of a conversation. Their texts view what the original's do, so it must outlive them; each
// has an arena of its own for what is made later.
#pragma once

#include "chat/conversation.h"

namespace ccr::chat {

/// All but the turns and the tools.
Conversation settings_of(const Conversation& c);

Conversation copy_of(const Conversation& c);

}  // namespace ccr::chat
