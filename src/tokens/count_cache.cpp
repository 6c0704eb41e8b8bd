#include "tokens/count_cache.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "tokens/mix.h"

namespace ccr::tokens {
namespace {

std::uint64_t word_at(const char* p) {
    std::uint64_t word = 0;
    std::memcpy(&word, p, sizeof(word));
    return word;
}

// Odd constants without a pattern: digits of the square roots of 2, 3, 5 and 7.
constexpr std::array<std::uint64_t, 4> kSalt = {0x6A09E667F3BCC909u, 0xBB67AE8584CAA73Bu,
                                                0x3C6EF372FE94F82Bu, 0xA54FF53A5F1D36F1u};

}  // namespace

// Four chains of multiplications run side by side; sixteen bytes go into each step.
std::uint64_t content_hash(std::string_view bytes, std::uint64_t seed) {
    std::array<std::uint64_t, 4> chain{};
    for (std::size_t i = 0; i < chain.size(); ++i) chain[i] = seed ^ kSalt[i];
    const char* p = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 64; left -= 64, p += 64) {
        for (std::size_t i = 0; i < chain.size(); ++i)
            chain[i] = mix(word_at(p + 16 * i) ^ chain[i], word_at(p + 16 * i + 8) ^ kSalt[i]);
    }
    std::array<char, 64> rest{};
    if (left > 0) std::memcpy(rest.data(), p, left);
    for (std::size_t i = 0; i < chain.size(); ++i)
        chain[i] = mix(word_at(rest.data() + 16 * i) ^ chain[i],
                       word_at(rest.data() + 16 * i + 8) ^ kSalt[i]);
    const std::uint64_t both = mix(chain[0] ^ chain[2], chain[1] ^ kSalt[3]) ^ chain[3];
    return mix(both ^ bytes.size(), kMix);
}

CountCache::CountCache(std::size_t entries)
    : rows_(std::bit_ceil(std::max<std::size_t>(1, entries / kRow))) {}

std::optional<std::uint32_t> CountCache::find(std::uint64_t hash, std::size_t size) const {
    const std::size_t row = row_of(hash);
    const std::scoped_lock lock(guard_of(row));
    for (const Entry& entry : rows_[row]) {
        if (entry.hash == hash && entry.size == static_cast<std::uint32_t>(size) && size > 0)
            return entry.tokens;
    }
    return std::nullopt;
}

void CountCache::put(std::uint64_t hash, std::size_t size, std::uint32_t tokens) {
    const std::size_t row = row_of(hash);
    const std::scoped_lock lock(guard_of(row));
    Row& entries = rows_[row];
    // The newest stands first, so that the oldest is the one to go.
    std::shift_right(entries.begin(), entries.end(), 1);
    entries.front() = {hash, static_cast<std::uint32_t>(size), tokens};
}

}  // namespace ccr::tokens
