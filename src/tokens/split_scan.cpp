#include "tokens/split_scan.h"

namespace ccr::tokens {
namespace {

constexpr CharClass ascii_class(unsigned char c) {
    if (c >= 'A' && c <= 'Z') return CharClass::upper;
    if (c >= 'a' && c <= 'z') return CharClass::lower;
    if (c >= '0' && c <= '9') return CharClass::number;
    if (c == '\r' || c == '\n') return CharClass::line_end;
    if (c == ' ' || (c >= '\t' && c <= '\r')) return CharClass::space;
    if (c < 0x20 || c == 0x7F) return CharClass::other;
    return std::string_view("$+<=>^`|~").contains(static_cast<char>(c)) ? CharClass::symbol
                                                                        : CharClass::punctuation;
}

constexpr std::array<CharClass, 128> ascii_classes() {
    std::array<CharClass, 128> table{};
    for (unsigned char c = 0; c < 128; ++c) table[c] = ascii_class(c);
    return table;
}

constexpr char lowered(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

const std::array<CharClass, 128> Scan::kAscii = ascii_classes();

std::size_t Scan::contraction(std::size_t at) const {
    if (at + 1 >= text_.size() || text_[at] != '\'') return at;
    const char first = lowered(text_[at + 1]);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return at + 2;
    // Case folding takes the long s (U+017F) for an s.
    if (text_.substr(at + 1).starts_with("\u017F")) return at + 3;
    if (at + 2 >= text_.size()) return at;
    const char second = lowered(text_[at + 2]);
    const bool known =
        ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l');
    return known ? at + 3 : at;
}

}  // namespace ccr::tokens
