#include "config/json5_hint.h"

#include <fmt/format.h>

#include <array>

#include "config/json5_cursor.h"

namespace ccr::config {
namespace {

// Characters that word processors and input methods put where JSON5 needs an ASCII one.
struct Lookalike {
    char32_t found;
    std::string_view meant;
};
constexpr std::array<Lookalike, 19> kLookalikes{{
    {0x201C, "\""}, {0x201D, "\""}, {0x201E, "\""}, {0x00AB, "\""}, {0x00BB, "\""},
    {0x2018, "'"},  {0x2019, "'"},  {0x300C, "\""}, {0x300D, "\""}, {0xFF02, "\""},
    {0xFF07, "'"},  {U'`', "\""},   {0xFF0C, ","},  {0x3001, ","},  {0xFF1A, ":"},
    {0xFF5B, "{"},  {0xFF5D, "}"},  {0xFF3B, "["},  {0xFF3D, "]"},
}};

// Words of other languages that people write for JSON's own.
struct ForeignWord {
    std::string_view found, meant;
};
constexpr std::array<ForeignWord, 9> kForeignWords{{
    {"True", "true"},
    {"TRUE", "true"},
    {"False", "false"},
    {"FALSE", "false"},
    {"None", "null"},
    {"undefined", "null"},
    {"nil", "null"},
    {"Null", "null"},
    {"NULL", "null"},
}};

}  // namespace

std::optional<std::string> hint_for(char32_t c) {
    for (const Lookalike& pair : kLookalikes) {
        if (pair.found == c) {
            return fmt::format("found {}, which JSON5 does not know; write {} instead",
                               described(c), pair.meant);
        }
    }
    if (c == U'#') return "found '#'; a comment begins with // or /*";
    if (c == U'=') return "found '='; write ':' between a name and its value";
    if (c == U';') return "found ';'; write ',' between members, and nothing at the end";
    return std::nullopt;
}

std::optional<std::string> hint_for_word(std::string_view word) {
    for (const ForeignWord& pair : kForeignWords) {
        if (pair.found == word)
            return fmt::format("found {}; JSON5 writes it {}", pair.found, pair.meant);
    }
    return std::nullopt;
}

}  // namespace ccr::config
