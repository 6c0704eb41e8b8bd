// Byte-level text: how tokenizer.json writes arbitrary bytes as printable characters.
//
// After GPT-2's encoder: printable Latin-1 stands for itself, the other bytes in their order for
// U+0100 and what follows. Any thread; pure.
#pragma once

#include <string>
#include <string_view>

namespace ccr::tokens {

/// Appends the bytes that `written` stands for; false, with `out` unspecified, when a character of
/// it stands for none.
bool append_byte_level(std::string& out, std::string_view written);

}  // namespace ccr::tokens
