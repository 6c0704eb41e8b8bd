#include "json/skim.h"

#ifdef __x86_64__
#include <immintrin.h>

#include <bit>
#endif

namespace ccr::json {
namespace {

std::size_t skim_nothing(std::string_view, std::size_t at, std::uint64_t&) {
    return at;
}

}  // namespace

#ifdef __x86_64__
namespace {

constexpr std::size_t kBlock = 64;

// What 64 bytes hold: bit i stands for byte i.
struct Block {
    std::uint64_t quote, slash;
    std::uint64_t odd;     // control characters, which no string may hold
    std::uint64_t letter;  // what may stand behind a backslash by itself: all but `u`
    std::uint64_t beyond;  // 0x80 or more
};

// A byte is one of "/\bfnrt when these two, by its upper and its lower half, share a bit: each
// upper half of a byte has a bit, and each lower half the bits of the upper ones that it belongs
// to.
alignas(16) constexpr std::uint8_t kByUpper[16] = {0, 0, 1, 0, 0, 2, 4, 8};
alignas(16) constexpr std::uint8_t kByLower[16] = {0, 0, 1 | 4 | 8, 0, 8, 0, 4, 0,
                                                   0, 0, 0,         0, 2, 0, 4, 1};

inline __m128i table(const std::uint8_t* from) {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(from));
}

// Which bytes stand behind a backslash that is not escaped itself. A run of backslashes escapes by
// its odd ones; the addition carries through each run and so tells where it ends. `carried`: the
// last byte of the block before was such a backslash.
inline std::uint64_t escaped_bytes(std::uint64_t slash, std::uint64_t& carried) {
    constexpr std::uint64_t kEven = 0x5555555555555555u;
    slash &= ~carried;
    const std::uint64_t follows = slash << 1 | carried;
    const std::uint64_t odd_starts = slash & ~kEven & ~follows;
    std::uint64_t runs = 0;
    carried = __builtin_add_overflow(odd_starts, slash, &runs) ? 1 : 0;
    return (kEven ^ runs << 1) & follows;
}

__attribute__((target("avx2,bmi"))) inline std::uint64_t bits(__m256i low, __m256i high) {
    return static_cast<std::uint32_t>(_mm256_movemask_epi8(low)) |
           static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(high))) << 32;
}

__attribute__((target("avx2,bmi"))) inline std::uint64_t equal_bytes(__m256i a, __m256i b, char c) {
    const __m256i wanted = _mm256_set1_epi8(c);
    return bits(_mm256_cmpeq_epi8(a, wanted), _mm256_cmpeq_epi8(b, wanted));
}

__attribute__((target("avx2,bmi"))) inline __m256i control_bytes(__m256i bytes) {
    const __m256i last = _mm256_set1_epi8(0x1F);
    return _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, last), last);
}

__attribute__((target("avx2,bmi"))) inline __m256i no_letter(__m256i bytes) {
    const __m256i upper = _mm256_broadcastsi128_si256(table(kByUpper));
    const __m256i lower = _mm256_broadcastsi128_si256(table(kByLower));
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
    const __m256i both =
        _mm256_and_si256(_mm256_shuffle_epi8(upper, high), _mm256_shuffle_epi8(lower, bytes));
    return _mm256_cmpeq_epi8(both, _mm256_setzero_si256());
}

struct Avx2 {
    __attribute__((target("avx2,bmi"))) static Block block_at(const char* from) {
        const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
        const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + kBlock / 2));
        return {equal_bytes(a, b, '"'), equal_bytes(a, b, '\\'),
                bits(control_bytes(a), control_bytes(b)), ~bits(no_letter(a), no_letter(b)),
                bits(a, b)};
    }
};

// Left alone, g++ computes with masks where they are made, which takes half as long again: each
// step there costs four times as much as in a register, and one block waits for the other.
inline std::uint64_t in_register(std::uint64_t mask) {
    asm("" : "+r"(mask));
    return mask;
}

struct Avx512 {
    __attribute__((target("avx512bw,bmi"))) static Block block_at(const char* from) {
        const __m512i bytes = _mm512_loadu_si512(from);
        // With a mask of all, because g++ 12 warns of its own header's unmasked form.
        const __m512i upper = _mm512_maskz_broadcast_i32x4(0xFFFF, table(kByUpper));
        const __m512i lower = _mm512_maskz_broadcast_i32x4(0xFFFF, table(kByLower));
        const __m512i high = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(0x0F));
        return {in_register(_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'))),
                in_register(_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'))),
                in_register(_mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20))),
                in_register(_mm512_test_epi8_mask(_mm512_shuffle_epi8(upper, high),
                                                  _mm512_shuffle_epi8(lower, bytes))),
                in_register(_mm512_movepi8_mask(bytes))};
    }
};

// Without branches on the text, because the escapes of source code come at no rhythm that a
// processor could guess.
template <typename Vectors>
__attribute__((always_inline)) inline std::size_t skim(std::string_view text, std::size_t at,
                                                       std::uint64_t& beyond_ascii) {
    std::uint64_t carried = 0;
    for (; at + kBlock <= text.size(); at += kBlock) {
        const std::uint64_t carried_in = carried;
        const Block block = Vectors::block_at(text.data() + at);
        const std::uint64_t escaped = escaped_bytes(block.slash, carried);
        const std::uint64_t quote = block.quote & ~escaped;
        const std::uint64_t before = (quote & -quote) - 1;  // all bits when there is none
        if (((block.odd | (escaped & ~block.letter)) & before) != 0) return at - carried_in;
        beyond_ascii |= block.beyond & before;
        if (quote != 0) return at + static_cast<std::size_t>(std::countr_zero(quote));
    }
    return at - carried;
}

__attribute__((target("avx2,bmi"))) std::size_t skim_avx2(std::string_view text, std::size_t at,
                                                          std::uint64_t& beyond_ascii) {
    return skim<Avx2>(text, at, beyond_ascii);
}

__attribute__((target("avx512bw,bmi"))) std::size_t skim_avx512(std::string_view text,
                                                                std::size_t at,
                                                                std::uint64_t& beyond_ascii) {
    return skim<Avx512>(text, at, beyond_ascii);
}

std::vector<Skim> skims_here() {
    std::vector<Skim> skims;
    const bool bmi = __builtin_cpu_supports("bmi");
    if (bmi && __builtin_cpu_supports("avx512bw")) skims.push_back(skim_avx512);
    if (bmi && __builtin_cpu_supports("avx2")) skims.push_back(skim_avx2);
    skims.push_back(skim_nothing);
    return skims;
}

}  // namespace
#else
namespace {

std::vector<Skim> skims_here() {
    return {skim_nothing};
}

}  // namespace
#endif

const std::vector<Skim>& available_skims() {
    static const std::vector<Skim> skims = skims_here();
    return skims;
}

std::size_t skim_string(std::string_view text, std::size_t at, std::uint64_t& beyond_ascii) {
    static const Skim fastest = available_skims().front();
    return fastest(text, at, beyond_ascii);
}

}  // namespace ccr::json
