// SHA-256 of a text (FIPS 180-4). Any thread.
#pragma once

#include <string>
#include <string_view>

namespace ccr {

/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view text);

}  // namespace ccr
