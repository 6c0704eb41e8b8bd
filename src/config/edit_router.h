// One route of a configuration file's text set or taken out, with every comment and all else left
// as its writer has it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ccr::config {

/// `text`, JSON5, with `Router.<key>` set to `value` (plain text), or without it for nullopt. ""
/// counts as an empty object. `key` in any spelling that the Router knows. Error (config): the text
/// cannot be parsed, or is built in a way that is not safe to edit.
Result<std::string> edit_router(std::string text, const std::string& file, std::string_view key,
                                const std::optional<std::string>& value);

}  // namespace ccr::config
