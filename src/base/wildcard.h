// Wildcards: `*` stands for any run of characters, also for none; everything else for itself, in
// any case (ASCII). Pure functions.
#pragma once

#include <string_view>

namespace ccr {

/// Whether the whole of `text` matches. `pattern` in lower case.
bool matches_wildcard(std::string_view pattern, std::string_view text);

/// Whether `text` has a part that matches. `pattern` in lower case.
bool contains_wildcard(std::string_view pattern, std::string_view text);

}  // namespace ccr
