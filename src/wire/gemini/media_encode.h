// Media as parts of a content.
#pragma once

#include <string>

#include "chat/conversation.h"
#include "json/writer.h"

namespace ccr::wire::gemini {

/// Whether the media go as a part of their own: data, or an address.
bool is_bulk_media(const chat::Media& media);

/// As told, or what the address or the kind stands for.
std::string media_type_of(const chat::Media& media);

/// Writes the members of a part: `inlineData` or `fileData`. A name is for media inside function
/// responses, whose objects may refer to it; the Gemini API refuses it elsewhere.
void write_media(json::Writer& w, const chat::Media& media, json::Text name = {});

}  // namespace ccr::wire::gemini
