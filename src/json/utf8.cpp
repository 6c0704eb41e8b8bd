#include "json/utf8.h"

#include <simdjson.h>

namespace ccr::json {
namespace {

unsigned char byte_at(std::string_view s, std::size_t i) {
    return static_cast<unsigned char>(s[i]);
}
bool in_range(unsigned char c, unsigned char low, unsigned char high) {
    return c >= low && c <= high;
}

// The allowed range of the second byte depends on the first: it excludes overlong forms and
// surrogates.
bool second_byte_fits(unsigned char first, unsigned char second) {
    switch (first) {
        case 0xE0:
            return in_range(second, 0xA0, 0xBF);
        case 0xED:
            return in_range(second, 0x80, 0x9F);
        case 0xF0:
            return in_range(second, 0x90, 0xBF);
        case 0xF4:
            return in_range(second, 0x80, 0x8F);
        default:
            return in_range(second, 0x80, 0xBF);
    }
}

}  // namespace

void append_code_point(std::string& out, char32_t c) {
    const auto put = [&out](char32_t unit) { out += static_cast<char>(unit); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

std::size_t valid_sequence(std::string_view s) {
    if (s.empty()) return 0;
    const unsigned char first = byte_at(s, 0);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (s.size() < length || !second_byte_fits(first, byte_at(s, 1))) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if (!in_range(byte_at(s, i), 0x80, 0xBF)) return 0;
    }
    return length;
}

bool is_valid_utf8(std::string_view s) {
    return simdjson::validate_utf8(s.data(), s.size());
}

std::size_t valid_prefix(std::string_view s) {
    std::size_t at = 0;
    while (const std::size_t length = valid_sequence(s.substr(at))) at += length;
    return at;
}

std::string mended_utf8(std::string_view s) {
    if (is_valid_utf8(s)) return std::string(s);
    std::string out;
    while (!s.empty()) {
        const std::size_t length = valid_sequence(s);
        if (length == 0)
            append_code_point(out, kReplacement);
        else
            out.append(s.substr(0, length));
        s.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

std::string_view utf8_prefix(std::string_view s, std::size_t limit) {
    if (s.size() <= limit) return s;
    std::size_t end = limit;
    while (end > 0 && (byte_at(s, end) & 0xC0) == 0x80) --end;
    return s.substr(0, end);
}

}  // namespace ccr::json
