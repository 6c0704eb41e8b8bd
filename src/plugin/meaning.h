// Meaning: a JSON value in one spelling, so that two values are compared by what JavaScript makes
// of them. Pure functions, any thread.
#pragma once

#include <string>

#include "json/document.h"

namespace ccr::plugin {

/// No blanks, members sorted by name and each once, numbers as doubles, escapes only where needed.
/// "" for nothing.
std::string meaning_of(json::View value);

}  // namespace ccr::plugin
