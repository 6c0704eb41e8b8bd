// The document of all presets (docs/providers.md), made from the presets themselves.
#pragma once

#include <string>

namespace ccr::adapt {

std::string providers_document();

}  // namespace ccr::adapt
