// Record: one thing worth keeping over a restart - its kind, its key within the kind, and a text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ccr::store {

struct Record {
    std::string kind;  // "lesson", "signature": one reader each
    std::string key;
    std::string value;         // JSON, for its reader alone
    std::int64_t used_at = 0;  // milliseconds since 1970; the oldest go first
};

}  // namespace ccr::store
