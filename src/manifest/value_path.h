// ValuePath: where in a configuration a value is put: `Providers[0].api_key`, `Router.default`.
//
// Pure functions; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace ccr::manifest {

using Step = std::variant<std::string, std::size_t>;  // a member's name, or an element's number

/// Names (any characters but `.` and `[`) and `[numbers]`. Error: what is wrong with the text;
/// `__proto__` and its like, and numbers of 1000 and more, are no places.
Result<std::vector<Step>> parse_value_path(std::string_view text);

/// Puts `value` there. What is missing on the way is made: a list before a number, else an object.
/// Error: something on the way is neither.
Result<void> set_value(nlohmann::ordered_json& root, std::string_view path,
                       nlohmann::ordered_json value);

}  // namespace ccr::manifest
