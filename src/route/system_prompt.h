// System prompt: the client's own, with the user's text in the place of its instructions
// (REWRITE_SYSTEM_PROMPT). Pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "chat/conversation.h"
#include "json/splice.h"

namespace ccr::route {

/// In the system prompt's first block (but the one that says who the client is) that tells of the
/// environment, puts `text` before that and leaves what follows it. Older clients begin it with
/// <env>, of which the last counts; today's with a line "# Environment". nullopt where there is no
/// such block. `conversation` was decoded from `body` and views it.
std::optional<json::Splice> with_instructions(const chat::Conversation& conversation,
                                              std::string_view body, std::string_view text);

}  // namespace ccr::route
