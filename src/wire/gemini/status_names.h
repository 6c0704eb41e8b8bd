// google.rpc.Code names and the HTTP statuses they stand for (google/rpc/code.proto), both ways.
#pragma once

#include <string_view>

#include "json/text.h"

namespace ccr::wire::gemini {

std::string_view status_name(int http_status);
/// 0 for a name that is not known.
int http_status_of(json::Text name);

}  // namespace ccr::wire::gemini
