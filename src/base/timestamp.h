// Points in time as text. Pure.
#pragma once

#include <chrono>
#include <string>

namespace ccr {

/// ISO 8601 in UTC with milliseconds: "2026-01-31T23:59:59.123Z".
std::string iso_timestamp(std::chrono::system_clock::time_point time);

}  // namespace ccr
