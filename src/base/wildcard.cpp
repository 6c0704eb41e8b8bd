#include "base/wildcard.h"

#include <algorithm>

namespace ccr {
namespace {

bool same(char pattern, char c) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return pattern == c;
}

bool starts_with(std::string_view text, std::string_view piece) {
    return text.size() >= piece.size() &&
           std::equal(piece.begin(), piece.end(), text.begin(), same);
}

// Where `piece`, which holds no `*`, begins in `text`; npos when it is not there.
std::size_t find(std::string_view text, std::string_view piece) {
    const auto found = std::search(text.begin(), text.end(), piece.begin(), piece.end(),
                                   [](char c, char pattern) { return same(pattern, c); });
    if (found == text.end() && !piece.empty()) return std::string_view::npos;
    return static_cast<std::size_t>(found - text.begin());
}

// The pieces between stars, each taken at its first place: a later one could only leave less.
bool take_pieces(std::string_view& pattern, std::string_view& text) {
    while (!pattern.empty()) {
        if (pattern.front() == '*') {
            pattern.remove_prefix(1);
            continue;
        }
        const std::size_t star = pattern.find('*');
        if (star == std::string_view::npos) return true;
        const std::size_t at = find(text, pattern.substr(0, star));
        if (at == std::string_view::npos) return false;
        text.remove_prefix(at + star);
        pattern.remove_prefix(star);
    }
    return true;
}

}  // namespace

bool matches_wildcard(std::string_view pattern, std::string_view text) {
    const std::size_t star = pattern.find('*');
    if (star == std::string_view::npos)
        return text.size() == pattern.size() && starts_with(text, pattern);
    if (!starts_with(text, pattern.substr(0, star))) return false;
    text.remove_prefix(star);
    pattern.remove_prefix(star);
    if (!take_pieces(pattern, text)) return false;
    return text.size() >= pattern.size() &&
           starts_with(text.substr(text.size() - pattern.size()), pattern);
}

bool contains_wildcard(std::string_view pattern, std::string_view text) {
    if (!take_pieces(pattern, text)) return false;
    return pattern.empty() || find(text, pattern) != std::string_view::npos;
}

}  // namespace ccr
