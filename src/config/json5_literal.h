// The literals of JSON5: strings, numbers and names without quotes. Each function stands at the
// first code point of the literal and leaves the cursor behind the last one.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "config/json5_cursor.h"

namespace ccr::config {

/// A whole number that fits 64 bits stays exact; everything else is a double, as in JavaScript.
using Json5Number = std::variant<std::int64_t, double>;

Parsed<std::string> read_string(Json5Cursor& cursor);
Parsed<Json5Number> read_number(Json5Cursor& cursor);
Parsed<std::string> read_identifier(Json5Cursor& cursor);

}  // namespace ccr::config
