// Scan: the moves that the splitters are made of, over well-formed UTF-8.
//
// One thread, one piece; views the text.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "tokens/char_class.h"

namespace ccr::tokens {

inline const ClassTable kClassTable;

inline constexpr ClassSet kLetters =
    classes(CharClass::upper, CharClass::lower, CharClass::caseless);
inline constexpr ClassSet kNumbers = classes(CharClass::number);
inline constexpr ClassSet kWhite = classes(CharClass::space, CharClass::line_end);
inline constexpr ClassSet kLineEnds = classes(CharClass::line_end);

class Scan {
  public:
    explicit Scan(std::string_view text) : text_(text) {}

    bool at_end(std::size_t at) const { return at >= text_.size(); }
    char byte(std::size_t at) const { return text_[at]; }
    Char read(std::size_t at) const { return decode_char(text_.data() + at); }
    CharClass class_at(std::size_t at) const {
        const auto byte = static_cast<unsigned char>(text_[at]);
        return byte < 0x80 ? kAscii[byte] : kClassTable.of(read(at).code);
    }
    bool is(ClassSet set, std::size_t at) const { return !at_end(at) && is_in(set, class_at(at)); }
    std::size_t after(std::size_t at) const {
        const auto byte = static_cast<unsigned char>(text_[at]);
        return at + (byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4);
    }
    std::size_t before(std::size_t at) const {
        do --at;
        while ((static_cast<unsigned char>(text_[at]) & 0xC0) == 0x80);
        return at;
    }

    /// Past all characters of `set` from `at` on.
    std::size_t run(ClassSet set, std::size_t at) const {
        while (at < text_.size()) {
            const auto byte = static_cast<unsigned char>(text_[at]);
            if (byte < 0x80) {
                if (!is_in(set, kAscii[byte])) return at;
                ++at;
            } else {
                const Char c = read(at);
                if (!is_in(set, kClassTable.of(c.code))) return at;
                at += c.size;
            }
        }
        return at;
    }
    /// Past at most `most` numbers.
    std::size_t numbers(std::size_t at, int most) const {
        for (; most > 0 && is(kNumbers, at); --most) at = after(at);
        return at;
    }
    /// Past 's 't 're 've 'm 'll 'd in any case, or `at` itself.
    std::size_t contraction(std::size_t at) const;
    /// Past what `\s*[\r\n]+|\s+(?!\S)|\s+` takes; white space must stand at `at`. `hard_end` tells
    /// whether the character after the run counts as an end of text.
    template <typename HardEnd>
    std::size_t white(std::size_t at, HardEnd hard_end) const {
        std::size_t end = at, line_end = at, last = at;
        while (is(kWhite, end)) {
            last = end;
            end = after(end);
            if (is_in(kLineEnds, class_at(last))) line_end = end;
        }
        if (line_end > at) return line_end;
        const bool whole = at_end(end) || last == at || hard_end(end);
        return whole ? end : last;
    }
    std::size_t white(std::size_t at) const {
        return white(at, [](std::size_t) { return false; });
    }

  private:
    static const std::array<CharClass, 128> kAscii;
    std::string_view text_;
};

}  // namespace ccr::tokens
