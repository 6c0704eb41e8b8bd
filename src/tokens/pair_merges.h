// PairMerges: which two tokens merge, in what order, and into what.
//
// Any thread; immutable once built.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tokens/token_table.h"

namespace ccr::tokens {

class PairMerges {
  public:
    struct Rule {
        std::uint32_t left, right, token;
    };
    struct Found {
        std::uint32_t rank = kNoToken, token = kNoToken;
    };

    /// `rules` in the order of their ranks; of two for one pair the later counts.
    PairMerges(const std::array<std::uint32_t, 256>& bytes, std::span<const Rule> rules);

    std::uint32_t token_of_byte(unsigned char byte) const { return bytes_[byte]; }
    Found find(std::uint32_t left, std::uint32_t right) const {
        const std::uint64_t key = key_of(left, right);
        for (std::size_t at = place_of(key);; at = (at + 1) & mask_) {
            const Slot& slot = slots_[at];
            if (slot.key == key) return {slot.rank, slot.token};
            if (slot.key == kFree) return {};
        }
    }
    std::size_t memory() const { return slots_.capacity() * sizeof(Slot); }

  private:
    static constexpr std::uint64_t kFree = ~std::uint64_t{0};
    struct Slot {
        std::uint64_t key = kFree;
        std::uint32_t rank = kNoToken, token = kNoToken;
    };
    static std::uint64_t key_of(std::uint32_t left, std::uint32_t right) {
        return std::uint64_t{left} << 32 | right;
    }
    std::size_t place_of(std::uint64_t key) const { return mix(key, kMix) & mask_; }

    std::array<std::uint32_t, 256> bytes_;
    std::vector<Slot> slots_;
    std::size_t mask_;
};

}  // namespace ccr::tokens
