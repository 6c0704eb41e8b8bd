#include <algorithm>
#include <array>
#include <optional>

#include "base/redact_patterns.h"

namespace ccr::redact {
namespace {

constexpr bool is_alnum(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_key_char(char c) {
    return is_alnum(c) || c == '_' || c == '-';
}
constexpr bool is_dotted_char(char c) {
    return is_key_char(c) || c == '.';
}
// token68 of RFC 9110, section 11.2.
bool is_bearer_char(char c) {
    return is_dotted_char(c) || c == '~' || c == '+' || c == '/' || c == '=';
}

struct Maker {
    std::string_view prefix;
    std::size_t mark;   // which of its characters token_at() is called for
    std::size_t least;  // characters after the prefix
    bool (*belongs)(char);
    bool needs_variety;  // short tails must hold a digit or a capital, so that words pass
};

constexpr std::array kMakers = std::to_array<Maker>({
    {"sk-", 2, 8, is_key_char, true},
    {"xai-", 3, 12, is_key_char, true},
    {"glpat-", 5, 12, is_key_char, true},
    {"pplx-", 4, 16, is_key_char, true},
    {"nvapi-", 5, 16, is_key_char, true},
    {"gsk_", 3, 12, is_key_char, true},
    {"ghp_", 3, 12, is_key_char, true},
    {"gho_", 3, 12, is_key_char, true},
    {"ghu_", 3, 12, is_key_char, true},
    {"ghs_", 3, 12, is_key_char, true},
    {"ghr_", 3, 12, is_key_char, true},
    {"github_pat_", 6, 12, is_key_char, true},
    {"hf_", 2, 16, is_key_char, true},
    {"AIza", 2, 20, is_key_char, false},
    {"AKIA", 2, 16, is_alnum, false},
    {"ASIA", 2, 16, is_alnum, false},
    {"eyJ", 2, 24, is_dotted_char, false},
    {"ya29.", 4, 16, is_dotted_char, false},
});

constexpr std::array<std::string_view, 3> kBearer = {"Bearer ", "bearer ", "BEARER "};
// What prose says after "bearer"; everything else of that length is taken for a token.
constexpr std::array<std::string_view, 6> kBearerWords = {
    "authentication", "authorization", "credential", "credentials", "required", "scheme"};

// Whether the character before `at` is the end of an escape (\n, \u000a, %3D) and so no part of a
// word.
bool follows_escape(std::string_view text, std::size_t at) {
    if (at >= 2 && text[at - 2] == '\\') return true;
    if (at >= 3 && text[at - 3] == '%' && is_hex(text[at - 2]) && is_hex(text[at - 1])) return true;
    return at >= 6 && text[at - 6] == '\\' && text[at - 5] == 'u';
}

bool starts_word(std::string_view text, std::size_t at) {
    return at == 0 || !is_key_char(text[at - 1]) || follows_escape(text, at);
}

std::size_t end_of_run(std::string_view text, std::size_t at, bool (*belongs)(char)) {
    while (at < text.size() && belongs(text[at])) ++at;
    return at;
}

bool is_varied(std::string_view tail) {
    constexpr std::size_t kNoWord = 24;
    return tail.size() >= kNoWord || std::any_of(tail.begin(), tail.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

std::optional<Span> bearer_at(std::string_view text, std::size_t at) {
    constexpr std::size_t kLeast = 8;
    while (at < text.size() && text[at] == ' ') ++at;
    const std::size_t end = end_of_run(text, at, is_bearer_char);
    const std::string_view token = text.substr(at, end - at);
    if (token.size() < kLeast) return std::nullopt;
    if (std::find(kBearerWords.begin(), kBearerWords.end(), token) != kBearerWords.end())
        return std::nullopt;
    return Span{at, end};
}

std::optional<Span> key_at(std::string_view text, std::size_t at, const Maker& maker) {
    if (!starts_word(text, at)) return std::nullopt;
    const std::size_t tail = at + maker.prefix.size();
    const std::size_t end = end_of_run(text, tail, maker.belongs);
    if (end - tail < maker.least) return std::nullopt;
    if (maker.needs_variety && !is_varied(text.substr(tail, end - tail))) return std::nullopt;
    return Span{at, end};
}

}  // namespace

std::optional<Span> token_at(std::string_view text, std::size_t at) {
    const char mark = text[at];
    if (mark == 'B' || mark == 'b') {
        for (const std::string_view bearer : kBearer) {
            if (text.substr(at).starts_with(bearer)) return bearer_at(text, at + bearer.size());
        }
        return std::nullopt;
    }
    for (const Maker& maker : kMakers) {
        if (maker.prefix[maker.mark] != mark || at < maker.mark) continue;
        if (text.substr(at - maker.mark).starts_with(maker.prefix))
            return key_at(text, at - maker.mark, maker);
    }
    return std::nullopt;
}

}  // namespace ccr::redact
