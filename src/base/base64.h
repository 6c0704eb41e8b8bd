// Base64 (RFC 4648): the URL-safe alphabet without padding of section 5, and the standard one of
// section 4. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccr {

std::string base64url_encode(std::string_view bytes);
/// nullopt when a character is not of the alphabet or the length is impossible.
std::optional<std::string> base64url_decode(std::string_view text);
/// The standard alphabet, with padding.
std::string base64_encode(std::string_view bytes);
/// The standard alphabet; padding may be there or not.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace ccr
