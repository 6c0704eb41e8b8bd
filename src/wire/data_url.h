// Media as data URLs (RFC 2397), which OpenAI's protocols carry them in.
//
// Pure functions.
#pragma once

#include "base/arena.h"
#include "chat/conversation.h"
#include "json/writer.h"

namespace ccr::wire {

/// "data:image/png;base64,AAAA" becomes its type and its data; every other URL stays one.
void fill_from_url(chat::Media& media, json::Text url, Arena& arena);

/// base64 media as a data URL; `fallback_type` where they name none.
void write_data_url(json::Writer& w, const chat::Media& media, json::Text fallback_type);

}  // namespace ccr::wire
