// The strict grammar of a request head's lines, checked on the raw bytes. Pure; any thread.
#pragma once

#include <string_view>

#include "base/error.h"

namespace ccr::net {

/// Whether `text` is a non-empty token (RFC 9110 section 5.6.2), as methods and field names must
/// be.
bool is_token(std::string_view text);

/// Whether `c` is a control character that no field value may carry (all but the tab).
constexpr bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

/// Refuses bare line ends, control characters, folded fields, white space before a colon, unknown
/// versions and too many fields in a complete head. Errors: invalid_request, headers_too_large.
Result<void> check_lines(std::string_view raw);

}  // namespace ccr::net
