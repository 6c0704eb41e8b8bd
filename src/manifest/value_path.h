// ValuePath: puts a value where a key of the configuration (config/key_path.h) says:
// `Providers[0].api_key`, `Router.default`.
//
// Pure function; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/error.h"

namespace ccr::manifest {

/// What is missing on the way is made: a list before a number, else an object. Error: the text is
/// no key; it has a name that means something else to JavaScript (`__proto__`), or a number of 1000
/// and more; something on the way is no object and no list.
Result<void> set_value(nlohmann::ordered_json& root, std::string_view path,
                       nlohmann::ordered_json value);

}  // namespace ccr::manifest
