#include "route/text_splice.h"

#include <algorithm>
#include <charconv>
#include <functional>

namespace ccr::route {
namespace {

bool is_inside(std::string_view part, std::string_view whole) {
    const std::less_equal<const char*> le;
    return le(whole.data(), part.data()) &&
           le(part.data() + part.size(), whole.data() + whole.size());
}

unsigned code_unit(std::string_view escaped, std::size_t at) {
    unsigned unit = 0;
    if (at + 6 <= escaped.size() && escaped.substr(at, 2) == "\\u")
        std::from_chars(escaped.data() + at + 2, escaped.data() + at + 6, unit, 16);
    return unit;
}

// One character of a JSON text: how many bytes it has as it is written, and plain.
struct Step {
    std::size_t escaped = 1, plain = 1;
};

Step step_at(std::string_view escaped, std::size_t at) {
    if (escaped[at] != '\\') return {};
    if (at + 1 < escaped.size() && escaped[at + 1] != 'u') return {2, 1};
    const unsigned unit = code_unit(escaped, at);
    const unsigned next = code_unit(escaped, at + 6);
    const bool is_pair = unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000;
    if (is_pair) return {12, 4};
    return {6, unit < 0x80 ? 1u : unit < 0x800 ? 2u : 3u};
}

// Where in the escaped text the plain text's byte `plain` is written.
std::size_t escaped_offset(std::string_view escaped, std::size_t plain) {
    std::size_t at = 0;
    for (std::size_t passed = 0; passed < plain && at < escaped.size();) {
        const Step step = step_at(escaped, at);
        at += step.escaped;
        passed += step.plain;
    }
    return std::min(at, escaped.size());
}

}  // namespace

std::optional<json::Splice> splice_of_text(std::string_view body, std::string_view escaped,
                                           std::size_t begin, std::size_t end,
                                           std::string replacement) {
    if (!is_inside(escaped, body)) return std::nullopt;
    const auto at = static_cast<std::size_t>(escaped.data() - body.data());
    return json::Splice{static_cast<std::uint32_t>(at + escaped_offset(escaped, begin)),
                        static_cast<std::uint32_t>(at + escaped_offset(escaped, end)),
                        std::move(replacement)};
}

}  // namespace ccr::route
