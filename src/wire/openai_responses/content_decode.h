// Content of one message or tool output of a Responses request.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "chat/conversation.h"
#include "json/document.h"

namespace ccr::wire::openai_responses {

/// The error of every decoder of requests: "where: what".
std::unexpected<Error> wrong(std::string_view where, std::string_view what);

/// A string (empty: no parts), an array of content parts, or null/absent (no parts).
Result<std::vector<chat::Part>> decode_content(json::View content, const std::string& where,
                                               Arena& arena);

}  // namespace ccr::wire::openai_responses
