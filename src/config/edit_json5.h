// One value of a JSON5 text set or taken out, with every comment, the order and all else left as
// its writer has it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "config/key_path.h"

namespace ccr::config {

/// `text` with the value at `path`, spelled as the file has it, replaced by `json`. What is missing
/// on the way there becomes objects; a new member or element stands last. The number of elements of
/// a list names a new one. "" counts as an empty object. Error (config): the text cannot be parsed,
/// something on the way is no object, or it is built in a way that is not safe to edit.
Result<std::string> set_value(std::string text, const std::string& file, const KeyPath& path,
                              const std::string& json);

/// `text` without the member or element at `path`; unchanged when there is none.
Result<std::string> unset_value(std::string text, const std::string& file, const KeyPath& path);

}  // namespace ccr::config
