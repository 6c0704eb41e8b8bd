// Input: what Claude Code tells a status line's command on its standard input
// (code.claude.com/docs/en/statusline, "JSON input").
//
// Plain values. A member that is missing or of another type is empty or 0: every other one still
// counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ccr::statusline {

struct Input {
    std::string session, transcript, directory, model_name, version;
    double cost_usd = 0;
    std::int64_t duration_ms = 0, lines_added = 0, lines_removed = 0;
    std::int64_t total_input = 0, total_output = 0, window = 0;
    std::int64_t context = 0;  // tokens of the last request: input, cache written and cache read
};

/// Error: invalid_request for what is no JSON object.
Result<Input> read_input(std::string_view json);

}  // namespace ccr::statusline
