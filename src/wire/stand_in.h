// Words that stand in a text for what could not be carried; the same on every wire.
#pragma once

#include "json/text.h"

namespace ccr::wire {

inline constexpr json::Text kForeignFile =
    json::Text::literal("[A file that was uploaded to another provider stood here.]");
inline constexpr json::Text kSound = json::Text::literal("[A recording stood here.]");
inline constexpr json::Text kToolError = json::Text::literal("[The tool reported an error]");

}  // namespace ccr::wire
