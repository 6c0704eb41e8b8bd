#include "tokens/token_table.h"

#include <algorithm>
#include <bit>

namespace ccr::tokens {
namespace {

// At most two thirds full.
std::size_t slots_for(std::size_t entries) {
    return std::bit_ceil(std::max<std::size_t>(16, entries + entries / 2));
}

std::uint64_t word_at(const char* p) {
    std::uint64_t word = 0;
    std::memcpy(&word, p, 8);
    return word;
}

}  // namespace

TokenTable::TokenTable(std::string_view bytes, std::span<const Place> tokens)
    : pairs_(1 << 16, kNoToken), bytes_(bytes.data()) {
    const auto is_long = [](const Place& token) { return token.size > kShort; };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(tokens, is_long));
    short_.resize(slots_for(tokens.size() - count));
    long_.resize(slots_for(count));
    short_mask_ = short_.size() - 1;
    long_mask_ = long_.size() - 1;
    for (std::uint32_t i = 0; i < tokens.size(); ++i) {
        longest_ = std::max<std::size_t>(longest_, tokens[i].size);
        if (is_long(tokens[i]))
            add_long(tokens[i], i);
        else if (tokens[i].size > 0)
            add_short(at(tokens[i]), i);
    }
}

std::uint64_t TokenTable::hash_of(std::string_view bytes) {
    std::uint64_t hash = bytes.size();
    const char* p = bytes.data();
    const char* const last = p + bytes.size() - 8;  // there are at least eight
    for (; p < last; p += 8) hash = mix(hash ^ word_at(p), kMix);
    return mix(hash ^ word_at(last), kMix ^ (std::uint64_t{bytes.size()} << 32));
}

std::uint32_t TokenTable::find_long(std::string_view bytes) const {
    const std::uint64_t hash = hash_of(bytes);
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    for (std::size_t i = hash & long_mask_;; i = (i + 1) & long_mask_) {
        const LongSlot& slot = long_[i];
        if (slot.token == kNoToken) return kNoToken;
        if (slot.tag == tag && at(slot.place) == bytes) return slot.token;
    }
}

void TokenTable::add_short(std::string_view bytes, std::uint32_t token) {
    const std::uint64_t key = key_of(bytes, bytes.data() + bytes.size());
    std::size_t i = mix(key, kMix) & short_mask_;
    while (short_[i].key != 0 && short_[i].key != key) i = (i + 1) & short_mask_;
    if (short_[i].key == key) return;
    short_[i] = {key, token};
    if (bytes.size() == 2)
        pairs_[static_cast<unsigned char>(bytes[0]) << 8 | static_cast<unsigned char>(bytes[1])] =
            token;
}

void TokenTable::add_long(Place place, std::uint32_t token) {
    const std::string_view bytes = at(place);
    if (find_long(bytes) != kNoToken) return;
    const std::uint64_t hash = hash_of(bytes);
    std::size_t i = hash & long_mask_;
    while (long_[i].token != kNoToken) i = (i + 1) & long_mask_;
    long_[i] = {static_cast<std::uint32_t>(hash >> 32), token, place};
}

std::size_t TokenTable::memory() const {
    return short_.capacity() * sizeof(ShortSlot) + long_.capacity() * sizeof(LongSlot) +
           pairs_.capacity() * sizeof(std::uint32_t);
}

}  // namespace ccr::tokens
