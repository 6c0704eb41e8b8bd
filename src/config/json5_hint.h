// Hints for what people write where JSON5 wants something else: quotes of word processors,
// punctuation of input methods, comments and words of other languages. Pure functions; sentences
// "what was found; what to do".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccr::config {

std::optional<std::string> hint_for(char32_t c);
/// For a value that is a bare word: "True", "None" ...
std::optional<std::string> hint_for_word(std::string_view word);

}  // namespace ccr::config
