// Random identifiers. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace ccr {

/// `bytes` random bytes as lower-case hex, from the system's generator.
std::string random_hex(std::size_t bytes);

/// A short id with a prefix, for requests, calls and messages: "req_1f0c…" (96 random bits).
std::string new_id(std::string_view prefix);

}  // namespace ccr
