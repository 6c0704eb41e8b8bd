// JSON5 strings and names (json5.org, sections 5 and 3.1; ECMAScript 5.1, sections 7.6 and 7.8.4).
#include <fmt/format.h>

#include <optional>
#include <utility>

#include "config/json5_identifier.h"
#include "config/json5_literal.h"
#include "json/utf8.h"

namespace ccr::config {
namespace {

std::optional<unsigned> hex_digit(char32_t c) {
    if (c >= U'0' && c <= U'9') return c - U'0';
    if (c >= U'a' && c <= U'f') return c - U'a' + 10;
    if (c >= U'A' && c <= U'F') return c - U'A' + 10;
    return std::nullopt;
}

Parsed<char32_t> read_hex(Json5Cursor& cursor, int digits, Place escape) {
    char32_t value = 0;
    for (int i = 0; i < digits; ++i) {
        const auto digit = hex_digit(cursor.peek());
        if (!digit) {
            return trouble(escape, fmt::format("this escape needs {} hexadecimal digits, found {}; "
                                               "write a backslash in text as \\\\",
                                               digits, described(cursor.peek())));
        }
        value = value << 4 | *digit;
        cursor.take();
    }
    return value;
}

bool is_high_surrogate(char32_t c) {
    return c >= 0xD800 && c <= 0xDBFF;
}
bool is_low_surrogate(char32_t c) {
    return c >= 0xDC00 && c <= 0xDFFF;
}

// Strings are UTF-16 in ECMAScript, so two escapes in a row may make one code point, even with a
// line continuation between them. A surrogate without its other half has no UTF-8 form.
class TextBuilder {
  public:
    void add(char32_t c) {
        if (high_ != 0 && is_low_surrogate(c)) {
            json::append_code_point(text_, 0x10000 + ((high_ - 0xD800) << 10) + (c - 0xDC00));
            high_ = 0;
            return;
        }
        settle();
        if (is_high_surrogate(c)) {
            high_ = c;
        } else {
            json::append_code_point(text_, is_low_surrogate(c) ? json::kReplacement : c);
        }
    }
    std::string take() {
        settle();
        return std::move(text_);
    }

  private:
    void settle() {
        if (high_ != 0) json::append_code_point(text_, json::kReplacement);
        high_ = 0;
    }

    std::string text_;
    char32_t high_ = 0;  // waits for its other half
};

bool is_digit(char32_t c) {
    return c >= U'0' && c <= U'9';
}

char32_t simple_escape(char32_t c) {
    switch (c) {
        case U'b':
            return U'\b';
        case U'f':
            return U'\f';
        case U'n':
            return U'\n';
        case U'r':
            return U'\r';
        case U't':
            return U'\t';
        case U'v':
            return U'\v';
        default:
            return c;
    }
}

// Stands behind the backslash.
Parsed<void> read_escape(Json5Cursor& cursor, Place escape, TextBuilder& out) {
    const char32_t c = cursor.peek();
    if (c == Json5Cursor::kEnd) return {};  // the caller reports the string as unterminated
    if (is_digit(c) && c != U'0') {
        return trouble(escape, "a digit after '\\' has no meaning; write a backslash as \\\\");
    }
    cursor.take();
    if (is_line_end(c)) {
        if (c == U'\r') cursor.take_if(U'\n');
        return {};
    }
    char32_t value = simple_escape(c);
    if (c == U'x') {
        TRY(value, read_hex(cursor, 2, escape));
    } else if (c == U'u') {
        TRY(value, read_hex(cursor, 4, escape));
    } else if (c == U'0') {
        if (is_digit(cursor.peek())) {
            return trouble(
                escape,
                "octal escapes do not exist in JSON5; write \\x and two hexadecimal digits");
        }
        value = 0;
    }
    out.add(value);
    return {};
}

std::unexpected<Trouble> unterminated(Place start, const Json5Cursor& cursor, char quote) {
    const Place end = cursor.place();
    const bool at_end = cursor.peek() == Json5Cursor::kEnd;
    return trouble(start,
                   fmt::format("the string that begins here is not closed when the {} ends at {}; "
                               "add the closing {}",
                               at_end ? "file" : "line", at(end), quote));
}

}  // namespace

Parsed<std::string> read_string(Json5Cursor& cursor) {
    const Place start = cursor.place();
    const char32_t quote = cursor.take();
    TextBuilder out;
    while (true) {
        const Place here = cursor.place();
        const char32_t c = cursor.peek();
        if (c == Json5Cursor::kEnd || c == U'\n' || c == U'\r') {
            return unterminated(start, cursor, static_cast<char>(quote));
        }
        cursor.take();
        if (c == quote) return out.take();
        if (c == U'\\') {
            TRY_DO(read_escape(cursor, here, out));
        } else {
            out.add(c);
        }
    }
}

Parsed<std::string> read_identifier(Json5Cursor& cursor) {
    std::string out;
    while (true) {
        const Place here = cursor.place();
        char32_t c = cursor.peek();
        const bool escaped = c == U'\\';
        if (!escaped && !(out.empty() ? starts_identifier(c) : continues_identifier(c))) return out;
        cursor.take();
        if (escaped) {
            if (!cursor.take_if(U'u')) {
                return trouble(
                    here, "only \\u escapes may stand in a name without quotes; put it in quotes");
            }
            TRY(c, read_hex(cursor, 4, here));
            if (!(out.empty() ? starts_identifier(c) : continues_identifier(c))) {
                return trouble(
                    here, fmt::format("{} may not stand in a name without quotes; put the name in "
                                      "quotes",
                                      described(c)));
            }
        }
        json::append_code_point(out, c);
    }
}

}  // namespace ccr::config
