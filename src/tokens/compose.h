// Normal form C: letters and their marks as one character where there is one (Unicode annex 15).
//
// Tokenizers such as Qwen's bring text into it first. Any thread; pure. Well-formed UTF-8 only.
#pragma once

#include <string>
#include <string_view>

namespace ccr::tokens {

/// Whether `text` is surely composed already; most text is.
bool is_composed(std::string_view text);

std::string compose(std::string_view text);

}  // namespace ccr::tokens
