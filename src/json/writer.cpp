#include "json/writer.h"

#include <charconv>
#include <cmath>

namespace ccr::json {

Writer& Writer::integer(std::int64_t value) {
    char digits[24];
    const auto result = std::to_chars(digits, digits + sizeof digits, value);
    return raw({digits, static_cast<std::size_t>(result.ptr - digits)});
}

Writer& Writer::number(double value) {
    if (!std::isfinite(value)) return null();
    char digits[32];
    const auto result = std::to_chars(digits, digits + sizeof digits, value);
    return raw({digits, static_cast<std::size_t>(result.ptr - digits)});
}

}  // namespace ccr::json
