// Base64 in the URL-safe alphabet without padding (RFC 4648, section 5). Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccr {

std::string base64url_encode(std::string_view bytes);
/// nullopt when a character is not of the alphabet or the length is impossible.
std::optional<std::string> base64url_decode(std::string_view text);

}  // namespace ccr
