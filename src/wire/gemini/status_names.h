// google.rpc.Code names and the HTTP statuses they stand for (google/rpc/code.proto), both ways.
#pragma once

#include <string_view>

#include "json/text.h"

namespace ccr::wire::gemini {

std::string_view status_name(int http_status);
/// A status as Google has it: its clients know 503 for too much work, and do not retry a 529
/// (@google/genai, httpOptions.retryOptions).
int googles_status(int http_status);
/// 0 for a name that is not known.
int http_status_of(json::Text name);

}  // namespace ccr::wire::gemini
