// Losses that every encoder of requests records in the same way.
//
// Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "chat/conversation.h"
#include "chat/loss.h"
#include "wire/codec.h"

namespace ccr::wire {

/// Members of turns, blocks and tools that only the client's protocol knows: each name once, with
/// its first place and how often it occurs. What of a tool is not sent at all is noted with it, so
/// `is_sent` says which tools' members count.
void note_unknown_members(const chat::Conversation& c, bool (*is_sent)(const chat::Tool&),
                          const NotCarried& row, chat::Losses& losses);

/// Members of a body that decoders keep whole, though the hub has what they say.
bool is_in_the_hub(const chat::Extras& extras, json::Text key);

/// How many parts and tools carry a cache mark.
std::size_t cache_marks(const chat::Conversation& c);

/// One line for all marks but those `carried`: there is one in nearly every request.
void note_cache_marks(const chat::Conversation& c, const NotCarried& row, chat::Losses& losses,
                      std::size_t carried = 0);

}  // namespace ccr::wire
