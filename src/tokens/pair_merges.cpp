#include "tokens/pair_merges.h"

#include <algorithm>
#include <bit>

namespace ccr::tokens {

PairMerges::PairMerges(const std::array<std::uint32_t, 256>& bytes, std::span<const Rule> rules)
    : bytes_(bytes),
      slots_(std::bit_ceil(std::max<std::size_t>(16, rules.size() + rules.size() / 2))),
      mask_(slots_.size() - 1) {
    for (std::uint32_t rank = 0; rank < rules.size(); ++rank) {
        const std::uint64_t key = key_of(rules[rank].left, rules[rank].right);
        std::size_t at = place_of(key);
        while (slots_[at].key != kFree && slots_[at].key != key) at = (at + 1) & mask_;
        slots_[at] = {key, rank, rules[rank].token};
    }
}

}  // namespace ccr::tokens
