// TokenTable: from the bytes of a token to its number, exactly.
//
// Tokens of up to seven bytes are compared within the table itself; longer ones by a tag of their
// hash, then by their bytes. Any thread; immutable once built. The bytes must outlive the table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "tokens/mix.h"

namespace ccr::tokens {

inline constexpr std::uint32_t kNoToken = 0xFFFFFFFFu;

class TokenTable {
  public:
    /// Where the bytes of each token stand in `bytes`, by number; an empty one is a number without
    /// a token. Of two with the same bytes the first counts.
    struct Place {
        std::uint32_t offset = 0;
        std::uint32_t size = 0;
    };
    TokenTable(std::string_view bytes, std::span<const Place> tokens);

    /// The number of the token `bytes`, or kNoToken. `end` is where reading must stop: up to eight
    /// bytes are read at once where there is room.
    std::uint32_t find(std::string_view bytes, const char* end) const {
        if (bytes.size() <= kShort) return find_short(key_of(bytes, end));
        return bytes.size() <= longest_ ? find_long(bytes) : kNoToken;
    }
    /// The number of the token that two single bytes make.
    std::uint32_t find_pair(unsigned char first, unsigned char second) const {
        return pairs_[static_cast<std::size_t>(first) << 8 | second];
    }
    std::size_t memory() const;

  private:
    static constexpr std::size_t kShort = 7;
    struct ShortSlot {
        std::uint64_t key = 0;  // the bytes, and their number in the highest byte; 0 = free
        std::uint32_t token = kNoToken;
    };
    struct LongSlot {
        std::uint32_t tag = 0;
        std::uint32_t token = kNoToken;  // kNoToken = free
        Place place;
    };

    static std::uint64_t key_of(std::string_view bytes, const char* end) {
        std::uint64_t word = 0;
        if (bytes.data() + 8 <= end) {
            std::memcpy(&word, bytes.data(), 8);
            word &= (std::uint64_t{1} << (8 * bytes.size())) - 1;
        } else {
            std::memcpy(&word, bytes.data(), bytes.size());
        }
        return word | static_cast<std::uint64_t>(bytes.size()) << 56;
    }
    static std::uint64_t hash_of(std::string_view bytes);

    std::uint32_t find_short(std::uint64_t key) const {
        for (std::size_t at = mix(key, kMix) & short_mask_;; at = (at + 1) & short_mask_) {
            const ShortSlot& slot = short_[at];
            if (slot.key == key) return slot.token;
            if (slot.key == 0) return kNoToken;
        }
    }
    std::uint32_t find_long(std::string_view bytes) const;
    std::string_view at(Place place) const { return {bytes_ + place.offset, place.size}; }
    void add_short(std::string_view bytes, std::uint32_t token);
    void add_long(Place place, std::uint32_t token);

    std::vector<ShortSlot> short_;
    std::vector<LongSlot> long_;
    std::vector<std::uint32_t> pairs_;
    const char* bytes_;
    std::size_t short_mask_ = 0, long_mask_ = 0, longest_ = 0;
};

}  // namespace ccr::tokens
