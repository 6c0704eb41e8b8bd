// JSON5 numbers (json5.org, section 6).
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <system_error>

#include "config/json5_identifier.h"
#include "config/json5_literal.h"

namespace ccr::config {
namespace {

bool is_digit(char32_t c) {
    return c >= U'0' && c <= U'9';
}
bool is_hex_digit(char32_t c) {
    return is_digit(c) || (c >= U'a' && c <= U'f') || (c >= U'A' && c <= U'F');
}

std::string take_while(Json5Cursor& cursor, bool (*accepts)(char32_t)) {
    std::string out;
    while (accepts(cursor.peek())) out.push_back(static_cast<char>(cursor.take()));
    return out;
}

// The parts of a decimal literal, as written.
struct Decimal {
    std::string whole, fraction, exponent;
    bool has_point = false;
};

// Where the first digit other than 0 stands: > 0 before the point, <= 0 behind it. It decides what
// a number outside the range of a double becomes.
long long magnitude_of(const Decimal& number) {
    long long exponent = 0;
    const char* text = number.exponent.data();
    const char* first = text + (number.exponent.starts_with('+') ? 1 : 0);
    const auto [end, failure] = std::from_chars(first, text + number.exponent.size(), exponent);
    if (failure == std::errc::result_out_of_range) {
        return number.exponent.starts_with('-') ? std::numeric_limits<int>::min()
                                                : std::numeric_limits<int>::max();
    }
    const auto whole = number.whole.find_first_not_of('0');
    if (whole != std::string::npos)
        return exponent + static_cast<long long>(number.whole.size() - whole);
    const auto zeros = number.fraction.find_first_not_of('0');
    return exponent - static_cast<long long>(zeros == std::string::npos ? 0 : zeros);
}

Json5Number value_of(const Decimal& number, bool negative) {
    if (!number.has_point && number.exponent.empty()) {
        std::int64_t whole = 0;
        const std::string text = (negative ? "-" : "") + number.whole;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), whole);
        if (failure == std::errc{} && (whole != 0 || !negative)) return whole;
    }
    std::string text = number.whole + "." + number.fraction;
    if (!number.exponent.empty()) text += "e" + number.exponent;
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure == std::errc::result_out_of_range) {
        value = magnitude_of(number) > 0 ? std::numeric_limits<double>::infinity() : 0.0;
    }
    return negative ? -value : value;
}

Json5Number hex_value_of(const std::string& digits, bool negative) {
    std::int64_t whole = 0;
    const char* end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, whole, 16).ec == std::errc{}) {
        if (whole == 0 && negative) return -0.0;
        return negative ? -whole : whole;
    }
    double value = 0;
    std::from_chars(digits.data(), end, value, std::chars_format::hex);
    return negative ? -value : value;
}

Parsed<Decimal> read_decimal(Json5Cursor& cursor, Place start) {
    Decimal number;
    number.whole = take_while(cursor, is_digit);
    number.has_point = cursor.take_if(U'.');
    if (number.has_point) number.fraction = take_while(cursor, is_digit);
    if (number.whole.empty() && number.fraction.empty()) {
        return trouble(start, "found " + described(cursor.peek()) + " where a digit should be");
    }
    if (number.whole.size() > 1 && number.whole.front() == '0') {
        return trouble(
            start, "a number may not begin with 0; remove the leading zeros or put it in quotes");
    }
    if (cursor.take_if(U'e') || cursor.take_if(U'E')) {
        if (cursor.peek() == U'+' || cursor.peek() == U'-') {
            number.exponent.push_back(static_cast<char>(cursor.take()));
        }
        const std::string digits = take_while(cursor, is_digit);
        if (digits.empty())
            return trouble(start, "the exponent of this number has no digits; add them");
        number.exponent += digits;
    }
    return number;
}

Parsed<Json5Number> read_word(Json5Cursor& cursor, Place start, bool negative) {
    TRY(const std::string word, read_identifier(cursor));
    if (word == "Infinity") {
        const double infinity = std::numeric_limits<double>::infinity();
        return negative ? -infinity : infinity;
    }
    if (word == "NaN") return std::numeric_limits<double>::quiet_NaN();
    return trouble(start, "found a sign that no number follows; put text in quotes");
}

Parsed<Json5Number> read_unsigned(Json5Cursor& cursor, Place start, bool negative) {
    if (starts_identifier(cursor.peek())) return read_word(cursor, start, negative);
    Json5Cursor ahead = cursor;
    if (ahead.take_if(U'0') && (ahead.take_if(U'x') || ahead.take_if(U'X'))) {
        cursor = ahead;
        const std::string digits = take_while(cursor, is_hex_digit);
        if (digits.empty())
            return trouble(start, "0x needs at least one hexadecimal digit after it");
        return hex_value_of(digits, negative);
    }
    TRY(const Decimal number, read_decimal(cursor, start));
    return value_of(number, negative);
}

}  // namespace

Parsed<Json5Number> read_number(Json5Cursor& cursor) {
    const Place start = cursor.place();
    const bool negative = cursor.peek() == U'-';
    if (negative || cursor.peek() == U'+') cursor.take();
    TRY(Json5Number number, read_unsigned(cursor, start, negative));
    const char32_t next = cursor.peek();
    if (continues_identifier(next) || next == U'.' || next == U'\\') {
        return trouble(start,
                       "this number is followed by " + described(next) + "; put text in quotes");
    }
    return number;
}

}  // namespace ccr::config
