// The control characters of UTF-8 text: what would steer a terminal or begin a line. Pure
// functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ccr {

/// In bytes, of the control character that `text` begins with: C0, DEL or C1 (U+0080 to U+009F,
/// which some terminals take for the beginning of a sequence). 0: it begins with none.
std::size_t length_of_control(std::string_view text);

/// `text` less its control characters; tabs and newlines are among them.
std::string without_controls(std::string_view text);

}  // namespace ccr
