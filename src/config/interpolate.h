// Interpolation: `$NAME` and `${NAME}` in the strings of a configuration.
//
// A name is looked up in the environment first, then among the top-level string, number and boolean
// keys of the same file (the reference exports those to its environment). An empty variable counts
// as unset, as in the reference; then the text stays as it is. `$$NAME` and `$${` are escapes for a
// literal `$NAME`, `${`.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/json5.h"
#include "config/loader.h"

namespace ccr::config {

struct Interpolated {
    std::set<std::string> names;  // every variable that the file names, with a value or without
    std::vector<std::string> secrets;  // values of variables whose name says that they are secret
};

/// Replaces the variables in every string value of `document` and fills its `unresolved`.
Interpolated interpolate(Document& document, const Environment& environment);

/// A text that interpolate() turns into `text`, whatever `$` is in it: references are escaped.
std::string escaped_literal(std::string_view text);

/// A reference to this variable. Error (invalid_request): it is no variable's name.
Result<std::string> reference_to(std::string_view variable);

}  // namespace ccr::config
