// Record: how fast one answer came, or comes, in the members that readers of version 2 know.
//
// A plain value; pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace ccr::report {

struct Record {
    std::string request, session;
    bool stream = false;
    std::int64_t tokens = 0;
    std::int64_t tokens_per_second = 0;  // of the last second or so; when final, of all
    std::optional<std::chrono::milliseconds> to_first_token;
    std::chrono::milliseconds duration{0};
    std::chrono::system_clock::time_point time;
    bool is_final = false;
};

/// "[Token Speed]", or that of the final one.
std::string prefix_of(const Record& record);

/// Of a plain name's characters alone, for the name of a file; what had others ends in a hash.
std::string file_name_part(const std::string& session);

/// {"requestId": ..., ...} as pretty JSON.
std::string to_json(const Record& record);
/// What a webhook is sent: {"data", "timestamp", "prefix", "metadata"}; `metadata`: an object's
/// JSON text, or "".
std::string webhook_body(const Record& record, bool with_time, const std::string& metadata);

}  // namespace ccr::report
