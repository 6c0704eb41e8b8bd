// Scanners over the lexical tokens of JSON (RFC 8259, sections 6 and 7). Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace ccr::json {

/// Position of the closing quote of the string whose first content byte is at `at`, or npos; `why`
/// names what is wrong and `at` is moved there. Checks escapes, control characters and UTF-8.
std::size_t scan_string(std::string_view text, std::size_t& at, const char*& why);

/// One past the number at `at`, or npos when it is none.
std::size_t scan_number(std::string_view text, std::size_t at);

/// First position from `at` on that is no blank.
inline std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size() &&
           (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t'))
        ++at;
    return at;
}

}  // namespace ccr::json
