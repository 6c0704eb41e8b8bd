// Media as content parts of a user message.
#pragma once

#include "chat/conversation.h"
#include "json/writer.h"

namespace ccr::wire::openai_chat {

/// Writes one part: image_url, file (a PDF as file_data) or input_audio.
void write_media(json::Writer& w, const chat::Media& media);

}  // namespace ccr::wire::openai_chat
