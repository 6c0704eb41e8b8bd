// Transcript: Claude Code's record of a session, one JSON object a line, of which a status line
// wants the last answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ccr::statusline {

struct LastAnswer {
    std::string model;
    std::int64_t input = 0;  // cache included
    std::int64_t output = 0;
};

/// The last entry of type `assistant` that names its model; nullopt when there is none among the
/// file's last 4 MB, or no file. Reads no more of it than needed, from its end.
std::optional<LastAnswer> last_answer(const std::string& path);

}  // namespace ccr::statusline
