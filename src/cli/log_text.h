// Log lines for a person. Pure functions but for the machine's time zone.
#pragma once

#include <string>
#include <string_view>

#include "cli/log_lines.h"

namespace ccr::cli {

struct LogStyle {
    bool colored = false;
    bool with_date = true;   // else the time of day alone
    bool with_story = true;  // why it was routed so, what was lost: lines below, indented
};

/// One line, or several, each with its line feed.
std::string text_of(const LogLine& line, const LogStyle& style);

/// "2026-11-27", in local time.
std::string day_of(std::int64_t epoch_ms);

}  // namespace ccr::cli
