// Estimate: roughly how many tokens a conversation has, without a tokenizer.
//
// Good to about a fifth for English text and code; used where a figure is wanted before the
// provider has told its own: the first usage of a stream, the long-context rule. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "chat/conversation.h"

namespace ccr::tokens {

/// Tokens of a whole request: turns, system, tools and their schemas.
std::int64_t estimate(const chat::Conversation& conversation);

/// Tokens of one piece of text (still JSON-escaped or not, it makes little difference).
std::int64_t estimate_text(std::string_view text);

}  // namespace ccr::tokens
