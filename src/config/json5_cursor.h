// Json5Cursor: walks a JSON5 text code point by code point and knows the line and column it is at.
//
// A plain value (copy it to look ahead); views text that must outlive it and must be valid UTF-8.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "config/config.h"

namespace ccr::config {

/// What is wrong with a JSON5 text, and where. The message says what was found and what to do.
struct Trouble {
    Place place;
    std::string message;
};
template <typename T>
using Parsed = std::expected<T, Trouble>;

std::unexpected<Trouble> trouble(Place place, std::string message);

class Json5Cursor {
  public:
    static constexpr char32_t kEnd = 0xFFFF'FFFF;

    explicit Json5Cursor(std::string_view text) : text_(text) { decode(); }

    /// The code point here, kEnd after the last one.
    char32_t peek() const { return current_; }
    /// Returns peek() and goes on. \r\n is two steps and one line.
    char32_t take();
    bool take_if(char32_t expected);
    Place place() const { return place_; }
    std::size_t offset() const { return offset_; }

    /// Goes past white space and comments (json5.org, sections 7 and 8).
    Parsed<void> skip_blank();

  private:
    void decode();
    void skip_line_comment();
    Parsed<void> skip_block_comment(Place start);

    std::string_view text_;
    std::size_t offset_ = 0;
    std::size_t width_ = 0;  // bytes of current_
    char32_t current_ = kEnd;
    Place place_{1, 1};
};

bool is_json5_space(char32_t c);
bool is_line_end(char32_t c);

/// The code point for a message: 'x', U+00A0, or "the end of the file".
std::string described(char32_t c);
/// "line:column", for a second place in a message.
std::string at(Place place);

}  // namespace ccr::config
