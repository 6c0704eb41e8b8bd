#include "json/scan.h"

#include <bit>
#include <cstdint>

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace ccr::json {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_special(unsigned char c) {
    return c == '"' || c == '\\' || c < 0x20;
}

// First quote, backslash or control character from `at` on, or the end.
std::size_t find_special(std::string_view text, std::size_t at) {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i slash = _mm_set1_epi8('\\');
    const __m128i low = _mm_set1_epi8(0x1F);
    while (at + 16 <= text.size()) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, low), low);
        const __m128i hit = _mm_or_si128(
            control, _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash)));
        const int mask = _mm_movemask_epi8(hit);
        if (mask != 0)
            return at + static_cast<std::size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
        at += 16;
    }
#endif
    while (at < text.size() && !is_special(static_cast<unsigned char>(text[at]))) ++at;
    return at;
}

#ifdef __SSE2__
constexpr std::size_t kBlock = 64;

// What 64 bytes hold: bit i stands for byte i.
struct Block {
    std::uint64_t quote, slash;
    std::uint64_t odd;     // control characters, which no string may hold
    std::uint64_t letter;  // what may stand behind a backslash by itself: all but `u`
};

// Which bytes stand behind a backslash that is not escaped itself. A run of backslashes escapes by
// its odd ones; the addition carries through each run and so tells where it ends. `carried`: the
// last byte of the block before was such a backslash.
std::uint64_t escaped_bytes(std::uint64_t slash, std::uint64_t& carried) {
    constexpr std::uint64_t kEven = 0x5555555555555555u;
    slash &= ~carried;
    const std::uint64_t follows = slash << 1 | carried;
    const std::uint64_t odd_starts = slash & ~kEven & ~follows;
    std::uint64_t runs = 0;
    carried = __builtin_add_overflow(odd_starts, slash, &runs) ? 1 : 0;
    return (kEven ^ runs << 1) & follows;
}

__attribute__((target("avx2"))) inline std::uint64_t bits(__m256i low, __m256i high) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
           static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high))) << 32;
}

__attribute__((target("avx2"))) inline std::uint64_t equal_bytes(__m256i a, __m256i b, char c) {
    const __m256i wanted = _mm256_set1_epi8(c);
    return bits(_mm256_cmpeq_epi8(a, wanted), _mm256_cmpeq_epi8(b, wanted));
}

__attribute__((target("avx2"))) inline __m256i control_bytes(__m256i bytes) {
    const __m256i last = _mm256_set1_epi8(0x1F);
    return _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, last), last);
}

// Zero for what may stand behind a backslash. Each upper half of a byte has a bit, and each lower
// half the bits of the upper ones with which it makes one of "/\bfnrt.
__attribute__((target("avx2"))) inline __m256i no_letter(__m256i bytes) {
    const __m256i upper = _mm256_setr_epi8(0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0,  //
                                           0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i lower = _mm256_setr_epi8(0, 0, 1 | 4 | 8, 0, 8, 0, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1,
                                           0, 0, 1 | 4 | 8, 0, 8, 0, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1);
    const __m256i half = _mm256_set1_epi8(0x0F);
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
    const __m256i both =
        _mm256_and_si256(_mm256_shuffle_epi8(upper, high), _mm256_shuffle_epi8(lower, bytes));
    return _mm256_cmpeq_epi8(both, _mm256_setzero_si256());
}

__attribute__((target("avx2"))) inline Block block_at(const char* from) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + kBlock / 2));
    return {equal_bytes(a, b, '"'), equal_bytes(a, b, '\\'),
            bits(control_bytes(a), control_bytes(b)), ~bits(no_letter(a), no_letter(b))};
}

// Passes over whole blocks of a string; stops at its closing quote, or somewhere before it where
// one has to look byte by byte: \u, an error, or the last bytes of the text. Without branches on
// the text, because the escapes of source code come at no rhythm that a processor could guess.
__attribute__((target("avx2"))) std::size_t skim_avx2(std::string_view text, std::size_t at) {
    std::uint64_t carried = 0;
    for (; at + kBlock <= text.size(); at += kBlock) {
        const std::uint64_t carried_in = carried;
        const Block block = block_at(text.data() + at);
        const std::uint64_t escaped = escaped_bytes(block.slash, carried);
        const std::uint64_t quote = block.quote & ~escaped;
        const std::uint64_t before = (quote & -quote) - 1;  // all bits when there is none
        if (((block.odd | (escaped & ~block.letter)) & before) != 0) return at - carried_in;
        if (quote != 0) return at + static_cast<std::size_t>(std::countr_zero(quote));
    }
    return at - carried;
}

std::size_t skim_nothing(std::string_view, std::size_t at) {
    return at;
}

using Skim = std::size_t (*)(std::string_view, std::size_t);
const Skim kSkim = __builtin_cpu_supports("avx2") ? skim_avx2 : skim_nothing;
#else
constexpr auto kSkim = [](std::string_view, std::size_t at) { return at; };
#endif

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_digit(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

bool is_simple_escape(char c) {
    switch (c) {
        case '"':
        case '\\':
        case '/':
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't':
            return true;
        default:
            return false;
    }
}

// One past the escape whose backslash is at `at`, or kNone.
std::size_t scan_escape(std::string_view text, std::size_t at) {
    if (at + 1 >= text.size()) return kNone;
    if (text[at + 1] != 'u') {
        return is_simple_escape(text[at + 1]) ? at + 2 : kNone;
    }
    if (at + 6 > text.size()) return kNone;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
        if (!is_hex(text[i])) return kNone;
    }
    return at + 6;
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
    while (is_digit(text, at)) ++at;
    return at;
}

}  // namespace

std::size_t scan_string(std::string_view text, std::size_t& at, const char*& why) {
    for (;;) {
        at = find_special(text, kSkim(text, at));
        if (at >= text.size()) return why = "a string without its closing quote", kNone;
        if (text[at] == '"') return at;
        if (text[at] != '\\')
            return why = "a control character inside a string, which must be escaped", kNone;
        const std::size_t next = scan_escape(text, at);
        if (next == kNone) return why = "an escape that JSON does not have", kNone;
        at = next;
    }
}

std::size_t scan_number(std::string_view text, std::size_t at) {
    if (at < text.size() && text[at] == '-') ++at;
    if (!is_digit(text, at)) return kNone;
    at = text[at] == '0' ? at + 1 : skip_digits(text, at);
    if (at < text.size() && text[at] == '.') {
        if (!is_digit(text, at + 1)) return kNone;
        at = skip_digits(text, at + 1);
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        if (!is_digit(text, at)) return kNone;
        at = skip_digits(text, at);
    }
    return at;
}

}  // namespace ccr::json
