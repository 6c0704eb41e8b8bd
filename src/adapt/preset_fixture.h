// For tests of presets: the recorded requests of Claude Code, and a provider made of a preset.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"

namespace ccr::adapt::fixture {

/// Name and body of each.
std::vector<std::pair<std::string, std::string>> recorded();

/// A configuration whose only provider `p` is the preset's; `more` goes into its entry.
config::Config configured(const config::Preset& preset, std::string_view more = "");

/// One for each pattern that the preset has traits for, and one that it does not know.
std::vector<std::string> models_of(const config::Preset& preset);

}  // namespace ccr::adapt::fixture
