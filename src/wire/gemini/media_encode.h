// Media as parts of a content.
#pragma once

#include <string>

#include "chat/conversation.h"
#include "json/writer.h"

namespace ccr::wire::gemini {

/// Whether the media go as a part of their own: data, or an address.
bool is_bulk_media(const chat::Media& media);

/// Writes the members of a part: `inlineData` or `fileData`.
void write_media(json::Writer& w, const chat::Media& media);

}  // namespace ccr::wire::gemini
