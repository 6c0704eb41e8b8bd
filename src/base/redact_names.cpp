#include <algorithm>
#include <array>
#include <optional>

#include "base/redact_patterns.h"

namespace ccr::redact {
namespace {

constexpr std::size_t kLongestName = 64;

bool is_name_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
}
bool is_quote(char c) {
    return c == '"' || c == '\'';
}
bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

// Endings, after lower-casing and without separators, so that x-api-key, apiKey and OPENAI_API_KEY
// agree.
constexpr std::array<std::string_view, 11> kEndings = {
    "apikey", "token",     "secret",        "password",  "passwd",     "privatekey",
    "cookie", "secretkey", "authorization", "accesskey", "credentials"};
// Credentials in a URL's query (Gemini's `key`, signed URLs), and ordinary words elsewhere.
constexpr std::array<std::string_view, 3> kQueryNames = {"key", "sig", "signature"};
// The endings that, as a header, are followed by a bare value.
constexpr std::array<std::string_view, 3> kHeaderEndings = {"apikey", "authorization", "cookie"};

struct Name {
    std::array<char, kLongestName> letters;
    std::size_t size = 0;
    std::string_view view() const { return {letters.data(), size}; }
};

Name normalised(std::string_view name) {
    Name out;
    for (char c : name) {
        if (c == '-' || c == '_' || out.size == kLongestName) continue;
        out.letters[out.size++] = (c >= 'A' && c <= 'Z') ? static_cast<char>(c + 32) : c;
    }
    return out;
}

template <std::size_t N>
bool has_ending(std::string_view name, const std::array<std::string_view, N>& endings) {
    return std::any_of(endings.begin(), endings.end(),
                       [name](std::string_view ending) { return name.ends_with(ending); });
}

// The name that ends before `separator`, quotes and escapes around it left off.
std::string_view name_before(std::string_view text, std::size_t separator) {
    std::size_t end = separator;
    while (end > 0 && (is_blank(text[end - 1]) || is_quote(text[end - 1]) || text[end - 1] == '\\'))
        --end;
    std::size_t begin = end;
    while (begin > 0 && end - begin < kLongestName && is_name_char(text[begin - 1])) --begin;
    return text.substr(begin, end - begin);
}

// `$NAME` and `${NAME}` name a secret without telling it.
bool is_variable(std::string_view value) {
    if (!value.starts_with('$')) return false;
    value.remove_prefix(1);
    if (value.starts_with('{') && value.ends_with('}')) value = value.substr(1, value.size() - 2);
    return !value.empty() &&
           std::all_of(value.begin(), value.end(), [](char c) { return is_name_char(c); });
}

// A value in quotes that are escaped `depth` times ends at a quote with a run of backslashes that
// belongs to the same depth: n = 2^depth - 1 of them, plus any multiple of 2^(depth+1) that stand
// for backslashes.
std::size_t end_of_quoted(std::string_view text, std::size_t at, char quote, std::size_t slashes) {
    const std::size_t period = 2 * slashes + 2;
    std::size_t run = 0;
    for (; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++run;
            continue;
        }
        if (text[at] == quote && (run < slashes || run % period == slashes)) {
            return at - std::min(run, slashes);
        }
        run = 0;
    }
    return text.size();
}

bool ends_bare(char c) {
    return is_blank(c) || is_quote(c) || c == '\n' || c == '\r' || c == '&' || c == ',' ||
           c == ';' || c == '\\' || c == ')' || c == '}' || c == '#' || c == '<' || c == '>';
}

// Prose may follow "api_key:", so a bare header value counts only when it looks like no word.
bool looks_random(std::string_view value) {
    constexpr std::size_t kLeast = 8;
    constexpr std::size_t kNoWord = 32;
    if (value.size() < kLeast) return false;
    return value.size() >= kNoWord ||
           std::any_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<Span> quoted_value(std::string_view text, std::size_t at) {
    std::size_t slashes = 0;
    while (at < text.size() && is_blank(text[at])) ++at;
    while (at < text.size() && text[at] == '\\') ++at, ++slashes;
    if (at >= text.size() || !is_quote(text[at])) return std::nullopt;
    return Span{at + 1, end_of_quoted(text, at + 1, text[at], slashes)};
}

Span bare_value(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && !ends_bare(text[end])) ++end;
    return {at, end};
}

// "Authorization: Basic abc": scheme and credentials reach to the end of the line or of the string.
Span header_value(std::string_view text, std::size_t at) {
    while (at < text.size() && is_blank(text[at])) ++at;
    std::size_t end = at;
    while (end < text.size() && !is_quote(text[end]) && text[end] != '\n' && text[end] != '\r' &&
           text[end] != '\\')
        ++end;
    return {at, end};
}

Span after_colon(std::string_view text, std::size_t at, std::string_view name) {
    if (!has_ending(name, kHeaderEndings)) return {at, at};
    const Span line = header_value(text, at);
    const std::string_view value = text.substr(line.begin, line.end - line.begin);
    if (name.ends_with("cookie") && value.find('=') != std::string_view::npos) return line;
    if (name.ends_with("authorization") &&
        (value.starts_with("Basic ") || value.starts_with("Bearer ")))
        return line;
    const Span bare = bare_value(text, line.begin);
    if (!looks_random(text.substr(bare.begin, bare.end - bare.begin))) return {at, at};
    return bare;
}

bool is_query_key(std::string_view text, std::string_view name) {
    if (std::find(kQueryNames.begin(), kQueryNames.end(), name) == kQueryNames.end()) return false;
    if (name.data() == text.data()) return false;
    const char before = *(name.data() - 1);
    return before == '?' || before == '&';
}

std::optional<Span> user_info(std::string_view text, std::size_t colon) {
    if (!text.substr(colon).starts_with("://")) return std::nullopt;
    const std::size_t begin = colon + 3;
    std::size_t at = text.find_first_of("/?# \t\r\n\"'\\<>", begin);
    if (at == std::string_view::npos) at = text.size();
    const std::size_t sign = text.substr(begin, at - begin).rfind('@');
    if (sign == std::string_view::npos || sign == 0) return std::nullopt;
    return Span{begin, begin + sign};
}

// Most names end otherwise than any of kEndings; these pairs of letters spare them the rest.
bool may_have_ending(std::string_view name) {
    constexpr std::array<std::string_view, 8> kLastTwo = {"ey", "en", "et", "rd",
                                                          "wd", "on", "ie", "ls"};
    const std::string_view last = name.substr(name.size() - 2);
    const char first = static_cast<char>(last[0] | 0x20);
    const char second = static_cast<char>(last[1] | 0x20);
    return std::any_of(kLastTwo.begin(), kLastTwo.end(),
                       [=](std::string_view two) { return two[0] == first && two[1] == second; });
}

std::optional<Span> value_at(std::string_view text, std::size_t separator) {
    constexpr std::size_t kShortest = 3;
    const std::string_view raw = name_before(text, separator);
    if (raw.size() < kShortest) return std::nullopt;
    if (text[separator] == '=' && is_query_key(text, raw)) return bare_value(text, separator + 1);
    if (!may_have_ending(raw) || !is_secret_name(raw)) return std::nullopt;
    if (const auto quoted = quoted_value(text, separator + 1)) return quoted;
    if (text[separator] == '=') return bare_value(text, separator + 1);
    return after_colon(text, separator + 1, normalised(raw).view());
}

}  // namespace

bool is_secret_name(std::string_view name) {
    const Name plain = normalised(name);
    return has_ending(plain.view(), kEndings);
}

std::optional<Span> named_value_at(std::string_view text, std::size_t at) {
    std::optional<Span> span = text[at] == ':' ? user_info(text, at) : std::nullopt;
    if (!span) span = value_at(text, at);
    if (span && is_variable(text.substr(span->begin, span->end - span->begin))) return std::nullopt;
    return span;
}

}  // namespace ccr::redact
