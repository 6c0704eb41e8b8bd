#include "json/text.h"

#include <array>
#include <cstdint>

#include "json/utf8.h"

namespace ccr::json {
namespace {

// How many bytes from the front need no escape and are ASCII.
std::size_t plain_run(std::string_view s) {
    std::size_t i = 0;
    while (i < s.size()) {
        const auto c = static_cast<unsigned char>(s[i]);
        if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80) break;
        ++i;
    }
    return i;
}

void escape_control(std::string& out, unsigned char c) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    switch (c) {
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        default:
            out += "\\u00";
            out += kHex[c >> 4];
            out += kHex[c & 15];
    }
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// The four digits at `at`, or -1.
int hex4(std::string_view s, std::size_t at) {
    if (at + 4 > s.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        const int digit = hex_value(s[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

bool is_high_surrogate(int unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low_surrogate(int unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

// Decodes the \uXXXX at `at` (of the backslash); returns the position after what it used.
std::size_t decode_unicode(std::string_view s, std::size_t at, std::string& out) {
    const int unit = hex4(s, at + 2);
    std::size_t next = at + 6;
    if (unit < 0) return append_code_point(out, kReplacement), s.size();
    if (!is_high_surrogate(unit)) {
        append_code_point(out, is_low_surrogate(unit) ? kReplacement : static_cast<char32_t>(unit));
        return next;
    }
    const bool escape_follows = next + 6 <= s.size() && s[next] == '\\' && s[next + 1] == 'u';
    const int low = escape_follows ? hex4(s, next + 2) : -1;
    if (!is_low_surrogate(low)) return append_code_point(out, kReplacement), next;
    append_code_point(out,
                      static_cast<char32_t>(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)));
    return next + 6;
}

char simple_escape(char c) {
    switch (c) {
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case 'r':
            return '\r';
        case 'b':
            return '\b';
        case 'f':
            return '\f';
        default:
            return c;  // quote, backslash, slash
    }
}

}  // namespace

void escape_to(std::string& out, std::string_view s) {
    while (!s.empty()) {
        const std::size_t run = plain_run(s);
        out.append(s.substr(0, run));
        s.remove_prefix(run);
        if (s.empty()) return;
        const auto c = static_cast<unsigned char>(s[0]);
        if (c >= 0x80) {
            const std::size_t length = valid_sequence(s);
            if (length == 0) {
                append_code_point(out, kReplacement);
                s.remove_prefix(1);
            } else {
                out.append(s.substr(0, length));
                s.remove_prefix(length);
            }
            continue;
        }
        if (c == '"' || c == '\\') {
            out += '\\';
            out += static_cast<char>(c);
        } else {
            escape_control(out, c);
        }
        s.remove_prefix(1);
    }
}

Text Text::from_plain(std::string_view plain, Arena& arena) {
    if (plain_run(plain) == plain.size()) return Text(plain);
    std::string escaped;
    escaped.reserve(plain.size() + plain.size() / 16 + 8);
    escape_to(escaped, plain);
    return Text(arena.keep(escaped));
}

void Text::decode_to(std::string& out) const {
    std::string_view s = escaped_;
    std::size_t at = 0;
    while (at < s.size()) {
        const std::size_t slash = s.find('\\', at);
        if (slash == std::string_view::npos || slash + 1 >= s.size()) {
            out.append(s.substr(at));
            return;
        }
        out.append(s.substr(at, slash - at));
        if (s[slash + 1] == 'u') {
            at = decode_unicode(s, slash, out);
        } else {
            out += simple_escape(s[slash + 1]);
            at = slash + 2;
        }
    }
}

std::string Text::decode() const {
    std::string out;
    out.reserve(escaped_.size());
    decode_to(out);
    return out;
}

std::string_view Text::plain(Arena& arena) const {
    if (escaped_.find('\\') == std::string_view::npos) return escaped_;
    return arena.keep(decode());
}

// Every escape is longer than what it stands for, so equal lengths leave only equal bytes.
bool Text::equals_unescaped(std::string_view plain) const {
    return escaped_.find('\\') != std::string_view::npos && decode() == plain;
}

bool operator==(Text a, Text b) {
    if (a.escaped_ == b.escaped_) return true;
    const bool simple = a.escaped_.find('\\') == std::string_view::npos &&
                        b.escaped_.find('\\') == std::string_view::npos;
    return !simple && a.decode() == b.decode();
}

}  // namespace ccr::json
