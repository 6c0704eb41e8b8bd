// Percent-encoding of URLs (RFC 3986, section 2.1). Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace ccr {

/// Everything but letters, digits, "-._~" and the characters of `kept` becomes %XX.
std::string percent_encode(std::string_view text, std::string_view kept = "");
/// Sequences that are no valid escape stay as they are.
std::string percent_decode(std::string_view text);

}  // namespace ccr
