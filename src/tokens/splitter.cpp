#include "tokens/splitter.h"

#include <array>

#include "tokens/split_scan.h"

namespace ccr::tokens {
namespace {

constexpr ClassSet kAll = ~ClassSet{0};
constexpr ClassSet kMarks = classes(CharClass::mark);
/// [^\s\p{L}\p{N}]
constexpr ClassSet kRest = kAll & ~(kWhite | kLetters | kNumbers);
/// [^\r\n\p{L}\p{N}]
constexpr ClassSet kWordPrefix = kAll & ~(kLineEnds | kLetters | kNumbers);

// ` ?[^\s\p{L}\p{N}]+` from `at`, or `at` where it does not match.
std::size_t rest_run(const Scan& scan, std::size_t at) {
    const std::size_t first = scan.byte(at) == ' ' ? at + 1 : at;
    return scan.is(kRest, first) ? scan.run(kRest, first) : at;
}

// --- (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|
//     \s*[\r\n]+|\s+(?!\S)|\s+ ---
template <int kDigits>
std::size_t cl100k_end(std::string_view text, std::size_t at) {
    const Scan scan(text);
    if (const std::size_t end = scan.contraction(at); end > at) return end;
    const CharClass first = scan.class_at(at);
    if (is_in(kLetters, first)) return scan.run(kLetters, at);
    const std::size_t next = scan.after(at);
    if (is_in(kWordPrefix, first) && scan.is(kLetters, next)) return scan.run(kLetters, next);
    if (first == CharClass::number) return scan.numbers(at, kDigits);
    if (const std::size_t end = rest_run(scan, at); end > at) return scan.run(kLineEnds, end);
    return scan.white(at);
}

// --- o200k: words begin with capitals or end in small letters, marks belong to words ---

/// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}] and [\p{Ll}\p{Lm}\p{Lo}\p{M}]
constexpr ClassSet kHead = classes(CharClass::upper, CharClass::caseless, CharClass::mark);
constexpr ClassSet kTail = classes(CharClass::lower, CharClass::caseless, CharClass::mark);

// `head*tail+` from `at`, or `at` where it does not match. The heads give back one character at a
// time until the tail has one.
std::size_t tailed_word(const Scan& scan, std::size_t at) {
    std::size_t heads = scan.run(kHead, at);
    if (scan.is(kTail, heads)) return scan.run(kTail, heads);
    while (heads > at) {
        const std::size_t last = scan.before(heads);
        if (scan.is(kTail, last)) return heads;
        heads = last;
    }
    return at;
}

// The word that begins at `at`, perhaps with one character before its letters; `at` for none.
std::size_t o200k_word(const Scan& scan, std::size_t at) {
    const CharClass first = scan.class_at(at);
    const bool prefixed = is_in(kWordPrefix, first);
    const std::size_t letters = prefixed ? scan.after(at) : at;
    if (const std::size_t end = tailed_word(scan, letters); end > letters)
        return scan.contraction(end);
    // A mark can be the prefix, but also a word of its own.
    if (first == CharClass::mark) return scan.contraction(letters);
    const std::size_t end = scan.run(kHead, letters);
    return end > letters ? scan.contraction(end) : at;
}

std::size_t o200k_end(std::string_view text, std::size_t at) {
    const Scan scan(text);
    if (const std::size_t end = o200k_word(scan, at); end > at) return end;
    if (scan.class_at(at) == CharClass::number) return scan.numbers(at, 3);
    std::size_t end = rest_run(scan, at);
    if (end == at) return scan.white(at);
    while (!scan.at_end(end) && (scan.byte(end) == '/' || scan.is(kLineEnds, end))) ++end;
    return end;
}

// --- DeepSeek: three expressions in turn; numbers and CJK are cut out first, and what lies between
//     is text of its own ---

constexpr ClassSet kWord = kLetters | kMarks;
constexpr ClassSet kSigns = classes(CharClass::punctuation, CharClass::symbol);
/// [^\r\n\p{L}\p{P}\p{S}], numbers aside: those were cut out
constexpr ClassSet kDeepseekPrefix = kAll & ~(kLineEnds | kLetters | kSigns | kNumbers);

bool is_cjk(const Scan& scan, std::size_t at) {
    if (scan.at_end(at) || static_cast<unsigned char>(scan.byte(at)) < 0xE0) return false;
    const char32_t c = scan.read(at).code;
    return (c >= 0x4E00 && c <= 0x9FA5) || (c >= 0x3040 && c <= 0x30FF);
}

bool is_ascii_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_ascii_sign(const Scan& scan, std::size_t at) {
    return static_cast<unsigned char>(scan.byte(at)) < 0x80 && is_in(kSigns, scan.class_at(at));
}

// Segments are maximal runs of CJK, groups of numbers, and the rest: a piece stays in its own.
class Segment {
  public:
    Segment(const Scan& scan, std::size_t at) : scan_(scan), cjk_(is_cjk(scan, at)) {}
    bool ends(std::size_t at) const {
        return scan_.at_end(at) || is_cjk(scan_, at) != cjk_ || scan_.is(kNumbers, at);
    }
    bool is(ClassSet set, std::size_t at) const { return !ends(at) && scan_.is(set, at); }
    std::size_t run(ClassSet set, std::size_t at) const {
        while (is(set, at)) at = scan_.after(at);
        return at;
    }

  private:
    const Scan& scan_;
    bool cjk_;
};

// What the words' expression matches at `at`; `at` where it matches nothing.
std::size_t deepseek_word(const Scan& scan, const Segment& segment, std::size_t at) {
    std::size_t next = scan.after(at);
    if (is_ascii_sign(scan, at) && !scan.at_end(next) && is_ascii_letter(scan.byte(next))) {
        while (!scan.at_end(next) && is_ascii_letter(scan.byte(next))) ++next;
        return next;
    }
    const CharClass first = scan.class_at(at);
    if (is_in(kWord, first)) return segment.run(kWord, at);
    if (is_in(kDeepseekPrefix, first) && segment.is(kWord, next)) return segment.run(kWord, next);
    const std::size_t signs = scan.byte(at) == ' ' ? next : at;
    if (segment.is(kSigns, signs)) return segment.run(kLineEnds, segment.run(kSigns, signs));
    if (is_in(kWhite, first))
        return scan.white(at, [&](std::size_t end) { return segment.ends(end); });
    return at;
}

std::size_t deepseek_end(std::string_view text, std::size_t at) {
    const Scan scan(text);
    if (scan.is(kNumbers, at)) return scan.numbers(at, 3);
    const Segment segment(scan, at);
    if (const std::size_t end = deepseek_word(scan, segment, at); end > at) return end;
    // What no expression matches stays together until something is matched again.
    do at = scan.after(at);
    while (!segment.ends(at) && deepseek_word(scan, segment, at) == at);
    return at;
}

// --- 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ ---

// Small letters only.
std::size_t gpt2_contraction(std::string_view rest) {
    for (const std::string_view word : {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}) {
        if (rest.starts_with(word)) return word.size();
    }
    return 0;
}

std::size_t gpt2_white(const Scan& scan, std::size_t at) {
    const std::size_t end = scan.run(kWhite, at);
    const std::size_t last = scan.before(end);
    return scan.at_end(end) || last == at ? end : last;
}

std::size_t gpt2_end(std::string_view text, std::size_t at) {
    const Scan scan(text);
    if (const std::size_t size = gpt2_contraction(text.substr(at)); size > 0) return at + size;
    const std::size_t first = scan.byte(at) == ' ' ? at + 1 : at;
    for (const ClassSet set : {kLetters, kNumbers, kRest}) {
        if (scan.is(set, first)) return scan.run(set, first);
    }
    return gpt2_white(scan, at);
}

struct Known {
    Pattern pattern;
    std::string_view regex;
};
constexpr std::array kKnown = std::to_array<Known>({
    {Pattern::cl100k,
     R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"},
    {Pattern::qwen,
     R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)"},
    {Pattern::o200k,
     R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)"},
    {Pattern::gpt2,
     R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)"},
});

}  // namespace

const std::string_view kDeepseekNumbers = R"(\p{N}{1,3})";
const std::string_view kDeepseekCjk = "[一-龥぀-ゟ゠-ヿ]+";
const std::string_view kDeepseekWords =
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

PieceEnd piece_end_of(Pattern pattern) {
    switch (pattern) {
        case Pattern::cl100k:
            return cl100k_end<3>;
        case Pattern::qwen:
            return cl100k_end<1>;
        case Pattern::o200k:
            return o200k_end;
        case Pattern::deepseek:
            return deepseek_end;
        default:
            return gpt2_end;
    }
}

std::optional<Pattern> pattern_of_regex(std::string_view regex) {
    for (const Known& known : kKnown) {
        if (known.regex == regex) return known.pattern;
    }
    return std::nullopt;
}

}  // namespace ccr::tokens
