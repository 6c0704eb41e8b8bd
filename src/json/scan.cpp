#include "json/scan.h"

#ifdef __SSE2__
#include <emmintrin.h>

#include <bit>
#endif

#include <algorithm>
#include <cstdint>

#include "json/skim.h"
#include "json/utf8.h"

namespace ccr::json {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_special(unsigned char c) {
    return c == '"' || c == '\\' || c < 0x20;
}

#ifdef __SSE2__
constexpr std::size_t kGlance = 16;

// What up to that many bytes hold: bit i stands for byte i.
struct Glance {
    std::uint32_t special;  // quotes, backslashes, control characters
    std::uint32_t beyond;   // 0x80 or more

    std::size_t first() const { return static_cast<std::size_t>(std::countr_zero(special)); }
    std::uint32_t beyond_before_first() const { return beyond & ((special & -special) - 1); }
};

// The bytes from `at` on, of a text that has sixteen at the least: at its end they are read
// together with what stands before them.
Glance glance_at(std::string_view text, std::size_t at) {
    const std::size_t left = text.size() - at;
    const std::size_t passed = left < kGlance ? kGlance - left : 0;
    const auto* from = reinterpret_cast<const __m128i*>(text.data() + (at - passed));
    const __m128i bytes = _mm_loadu_si128(from);
    const __m128i low = _mm_set1_epi8(0x1F);
    const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, low), low);
    const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    const __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    const auto special = static_cast<std::uint32_t>(
        _mm_movemask_epi8(_mm_or_si128(control, _mm_or_si128(quote, slash))));
    return {special >> passed, static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)) >> passed};
}

// Where the string that begins at `at` ends, if one glance tells: names and words mostly do.
std::size_t end_of_word(std::string_view text, std::size_t at) {
    if (text.size() < kGlance || at >= text.size()) return kNone;
    const Glance glance = glance_at(text, at);
    if (glance.special == 0 || glance.beyond_before_first() != 0) return kNone;
    const std::size_t end = at + glance.first();
    return text[end] == '"' ? end : kNone;
}
#else
std::size_t end_of_word(std::string_view, std::size_t) {
    return kNone;
}
#endif

// First quote, backslash or control character from `at` on, or the end. `beyond_ascii` as in
// skim_string.
std::size_t find_special(std::string_view text, std::size_t at, std::uint64_t& beyond_ascii) {
#ifdef __SSE2__
    for (; text.size() >= kGlance && at < text.size(); at += kGlance) {
        const Glance glance = glance_at(text, at);
        beyond_ascii |= glance.beyond_before_first();
        if (glance.special != 0) return at + glance.first();
    }
#endif
    for (; at < text.size() && !is_special(static_cast<unsigned char>(text[at])); ++at)
        beyond_ascii |= static_cast<unsigned char>(text[at]) & 0x80u;
    return std::min(at, text.size());
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_digit(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

bool is_simple_escape(char c) {
    switch (c) {
        case '"':
        case '\\':
        case '/':
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't':
            return true;
        default:
            return false;
    }
}

// One past the escape whose backslash is at `at`, or kNone.
std::size_t scan_escape(std::string_view text, std::size_t at) {
    if (at + 1 >= text.size()) return kNone;
    if (text[at + 1] != 'u') {
        return is_simple_escape(text[at + 1]) ? at + 2 : kNone;
    }
    if (at + 6 > text.size()) return kNone;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        if (!is_hex(text[i])) return kNone;
    }
    return at + 6;
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
    while (is_digit(text, at)) ++at;
    return at;
}

}  // namespace

std::size_t scan_string(std::string_view text, std::size_t& at, const char*& why) {
    const std::size_t begin = at;
    if (const std::size_t end = end_of_word(text, at); end != kNone) return at = end;
    std::uint64_t beyond_ascii = 0;
    for (;;) {
        at = skim_string(text, at, beyond_ascii);
        at = find_special(text, at, beyond_ascii);
        if (at >= text.size()) return why = "a string without its closing quote", kNone;
        if (text[at] == '"') {
            if (beyond_ascii == 0 || is_valid_utf8(text.substr(begin, at - begin))) return at;
            at = begin + valid_prefix(text.substr(begin, at - begin));
            return why = "bytes inside a string that are not UTF-8", kNone;
        }
        if (text[at] != '\\')
            return why = "a control character inside a string, which must be escaped", kNone;
        const std::size_t next = scan_escape(text, at);
        if (next == kNone) return why = "an escape that JSON does not have", kNone;
        at = next;
    }
}

std::size_t scan_number(std::string_view text, std::size_t at) {
    if (at < text.size() && text[at] == '-') ++at;
    if (!is_digit(text, at)) return kNone;
    at = text[at] == '0' ? at + 1 : skip_digits(text, at);
    if (at < text.size() && text[at] == '.') {
        if (!is_digit(text, at + 1)) return kNone;
        at = skip_digits(text, at + 1);
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        if (!is_digit(text, at)) return kNone;
        at = skip_digits(text, at);
    }
    return at;
}

}  // namespace ccr::json
