// Values of a configuration as they may be shown: credentials hidden. Pure functions.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "config/key_path.h"

namespace ccr::cli {

inline constexpr std::string_view kHidden = "********";

/// `value`, which stands at `path`, with every credential in it replaced by kHidden: what stands
/// under a name of one, and what a text's form tells (config::without_credentials). References to
/// variables stay.
nlohmann::ordered_json masked(const nlohmann::ordered_json& value, const config::KeyPath& path);

/// What stands at exactly this path; nullptr when nothing does.
const nlohmann::ordered_json* value_at(const nlohmann::ordered_json& root,
                                       const config::KeyPath& path);

}  // namespace ccr::cli
