#include "tokens/rank_buckets.h"

#include <algorithm>
#include <bit>

namespace ccr::tokens {

void RankBuckets::make_room_for(std::uint32_t rank) {
    if (rank < first_.size()) return;
    const std::size_t ranks = std::bit_ceil(std::size_t{rank} + 4096);
    first_.resize(ranks, kNone);
    used_.resize(ranks / 64);
    summary_.resize(ranks / 4096);
}

void RankBuckets::add(std::uint32_t rank, std::uint32_t place) {
    make_room_for(rank);
    std::uint32_t entry = free_;
    if (entry == kNone) {
        entry = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back({});
    } else {
        free_ = entries_[entry].next;
    }
    entries_[entry] = {place, first_[rank]};
    first_[rank] = entry;
    used_[rank / 64] |= std::uint64_t{1} << (rank % 64);
    summary_[rank / 4096] |= std::uint64_t{1} << (rank / 64 % 64);
}

std::uint32_t RankBuckets::lowest() const {
    for (std::uint32_t i = 0; i < summary_.size(); ++i) {
        if (summary_[i] == 0) continue;
        const std::uint32_t word =
            i * 64 + static_cast<std::uint32_t>(std::countr_zero(summary_[i]));
        return word * 64 + static_cast<std::uint32_t>(std::countr_zero(used_[word]));
    }
    return kNone;
}

bool RankBuckets::take_lowest(std::uint32_t& rank, std::vector<std::uint32_t>& places) {
    places.clear();
    rank = lowest();
    if (rank == kNone) return false;
    for (std::uint32_t entry = first_[rank]; entry != kNone;) {
        const std::uint32_t next = entries_[entry].next;
        places.push_back(entries_[entry].place);
        entries_[entry].next = free_;
        free_ = entry;
        entry = next;
    }
    first_[rank] = kNone;
    used_[rank / 64] &= ~(std::uint64_t{1} << (rank % 64));
    if (used_[rank / 64] == 0) summary_[rank / 4096] &= ~(std::uint64_t{1} << (rank / 64 % 64));
    // They were added one by one, mostly from left to right, and come out the other way round.
    std::ranges::reverse(places);
    if (!std::ranges::is_sorted(places)) std::ranges::sort(places);
    return true;
}

}  // namespace ccr::tokens
