// The fields that a lesson may touch, and where they stand on each wire. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace ccr::adapt {

/// A field as a provider named it: "temperature", "tools[0].custom.strict", "maxOutputTokens".
/// Where it may be touched and stands in `request`; empty when nowhere.
std::vector<std::string> places_of(std::string_view named, json::View request);

/// Whether a lesson may touch this place at all.
bool may_touch(std::string_view pointer);
/// Whether the field may be left out altogether; others can be bounded or renamed.
bool may_leave_out(std::string_view pointer);

/// The first value that stands at `pointer` (`*` = any element); nothing when there is none.
json::View value_at(json::View request, std::string_view pointer);

}  // namespace ccr::adapt
