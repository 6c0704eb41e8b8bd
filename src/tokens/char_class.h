// Character classes: what the splitters ask about a character, after Unicode 16.
//
// Any thread; pure. The text must be well-formed UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tokens/embedded.h"

namespace ccr::tokens {

/// General categories as the patterns tell them apart; white space stands before its category.
/// Numbered as in data/unicode_classes.bin.
enum class CharClass : std::uint8_t {
    other,        // controls, formats, unassigned, private
    upper,        // Lu, Lt
    lower,        // Ll
    caseless,     // Lm, Lo
    mark,         // M
    number,       // N
    punctuation,  // P
    symbol,       // S
    space,        // White_Space but for the two below
    line_end,     // CR, LF
};

/// Several classes at once: one bit for each.
using ClassSet = std::uint32_t;
template <typename... Classes>
constexpr ClassSet classes(Classes... of) {
    return (... | (ClassSet{1} << static_cast<unsigned>(of)));
}
constexpr bool is_in(ClassSet set, CharClass of) {
    return ((set >> static_cast<unsigned>(of)) & 1) != 0;
}

struct Char {
    char32_t code = 0;
    std::uint8_t size = 0;  // bytes in UTF-8
};

/// The character at `p`.
inline Char decode_char(const char* p) {
    const auto byte = [p](int i) {
        return static_cast<char32_t>(static_cast<unsigned char>(p[i]));
    };
    const char32_t first = byte(0);
    if (first < 0x80) return {first, 1};
    if (first < 0xE0) return {(first & 0x1F) << 6 | (byte(1) & 0x3F), 2};
    if (first < 0xF0) return {(first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
    return {
        (first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F),
        4};
}

/// The classes of all code points: a block number for each 256 of them, then the blocks.
class ClassTable {
  public:
    CharClass of(char32_t code) const { return CharClass(entry(code) & 0x7F); }
    /// Whether text with this character in it may not be in normal form C.
    bool unsettled(char32_t code) const { return (entry(code) & 0x80) != 0; }

  private:
    static constexpr std::size_t kBlocks = 0x110000 >> 8;
    unsigned char entry(char32_t code) const {
        const auto block = static_cast<unsigned char>(table_[code >> 8]);
        return static_cast<unsigned char>(
            table_[kBlocks + (std::size_t{block} << 8) + (code & 0xFF)]);
    }
    const char* table_ = unicode_classes().data();
};

}  // namespace ccr::tokens
