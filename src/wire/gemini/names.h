// Member names of the Gemini protocol. Its messages are protocol buffers in JSON, and servers take
// each member under its lowerCamelCase name or its original snake_case one (protobuf.dev,
// "ProtoJSON Format"). Names here are given in camel case. Pure functions.
#pragma once

#include <string_view>

#include "json/document.h"

namespace ccr::wire::gemini {

/// The member of that name in either spelling, where it is not null.
json::View field(json::View object, std::string_view camel);

/// Whether `key` is that name in either spelling.
bool is_named(json::Text key, std::string_view camel);

}  // namespace ccr::wire::gemini
