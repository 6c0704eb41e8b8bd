// UTF-8 at the level of single sequences, after Unicode 15, table 3-7 (well-formed byte sequences).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ccr::json {

inline constexpr char32_t kReplacement = 0xFFFD;

void append_code_point(std::string& out, char32_t code_point);

/// Length of the well-formed sequence at the front of `s`, 0 if there is none.
std::size_t valid_sequence(std::string_view s);

/// Whether all of `s` is well-formed.
bool is_valid_utf8(std::string_view s);

/// How many bytes at the front of `s` are well-formed.
std::size_t valid_prefix(std::string_view s);

/// `s` with every ill-formed byte replaced by U+FFFD.
std::string mended_utf8(std::string_view s);

/// The longest prefix of `s` of at most `limit` bytes that does not cut a sequence.
std::string_view utf8_prefix(std::string_view s, std::size_t limit);

}  // namespace ccr::json
