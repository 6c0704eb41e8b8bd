// What keeps requests of one session on the server that has their prefix: OpenAI's
// `prompt_cache_key`. Pure.
#pragma once

#include <string>

#include "chat/conversation.h"

namespace ccr::wire {

/// The session of a conversation that asks for caching by its marks; "" where it does not, or where
/// its name is longer than such a key may be.
std::string cache_key_of(const chat::Conversation& conversation);

}  // namespace ccr::wire
