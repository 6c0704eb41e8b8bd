// The parts of one content, but for calls and their responses, which need to know each other.
#pragma once

#include <string>

#include "base/error.h"
#include "chat/conversation.h"
#include "json/document.h"

namespace ccr::wire::gemini {

/// `inlineData` or `fileData`. Video has no counterpart in other protocols and stays Opaque.
Result<chat::Part> decode_media(json::View part, const std::string& where, Arena& arena);

/// What is kept for its own protocol: code that the server ran, its result, and what is yet to
/// come. `stand_in` says it in words where there are any.
chat::Part opaque_part(json::View part, Arena& arena);

/// Members of a part besides those named in `known`.
void keep_members(json::View part, std::initializer_list<std::string_view> known,
                  chat::Extras& extras);

}  // namespace ccr::wire::gemini
