// Arguments of a tool call, which OpenAI's protocols carry as a string that holds JSON.
//
// Pure functions.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "json/document.h"

namespace ccr::wire {

/// `arguments` as raw text of a JSON object: a string that holds one, or, as some clients send, the
/// object. What is no object becomes {"arguments": "<what came>"}.
std::string_view object_of_arguments(json::View arguments, Arena& arena);

}  // namespace ccr::wire
