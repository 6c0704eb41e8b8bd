// RankBuckets: places by rank, of which those of the lowest rank are taken all at once.
//
// A priority queue for few distinct ranks and very many places: adding is constant, taking is a
// look at the bits of the ranks in use. One thread.
#pragma once

#include <cstdint>
#include <vector>

namespace ccr::tokens {

class RankBuckets {
  public:
    void add(std::uint32_t rank, std::uint32_t place);
    /// Takes the places of the lowest rank, in ascending order; false when there are none.
    bool take_lowest(std::uint32_t& rank, std::vector<std::uint32_t>& places);

  private:
    static constexpr std::uint32_t kNone = 0xFFFFFFFFu;
    struct Entry {
        std::uint32_t place, next;
    };
    std::uint32_t lowest() const;
    void make_room_for(std::uint32_t rank);

    std::vector<std::uint32_t> first_;  // by rank: the entry added last
    std::vector<std::uint64_t> used_,
        summary_;  // a bit for each rank, a bit for each word of those
    std::vector<Entry> entries_;
    std::uint32_t free_ = kNone;
};

}  // namespace ccr::tokens
