#include "tokens/merge.h"

#include <algorithm>
#include <array>
#include <queue>

#include "tokens/part_list.h"
#include "tokens/rank_buckets.h"

namespace ccr::tokens {
namespace {

constexpr std::uint32_t kScanned = 64;   // bytes up to which looking at every pair is fastest
constexpr std::uint32_t kHeaped = 4096;  // bytes from which a bucket per rank is

// --- short pieces: parts side by side, the lowest rank found by looking at all ---

template <typename Rule>
class ScannedPiece {
  public:
    ScannedPiece(const Rule& rule, std::uint32_t size) : rule_(rule), count_(size) {
        for (std::uint32_t i = 0; i < size; ++i) {
            begin_[i] = i;
            token_[i] = rule.token_of_byte(i);
        }
        begin_[size] = size;
        for (std::uint32_t i = 0; i + 1 < size; ++i) look_at(i);
    }
    void run() {
        while (count_ > 1) {
            const auto* const lowest = std::min_element(rank_.begin(), rank_.begin() + count_ - 1);
            if (*lowest == kNoToken) return;
            join(static_cast<std::uint32_t>(lowest - rank_.begin()));
        }
    }
    void append_to(std::vector<std::uint32_t>& out) const {
        out.insert(out.end(), token_.begin(), token_.begin() + count_);
    }

  private:
    void look_at(std::uint32_t i) {
        const Merge merge = rule_.of(begin_[i], begin_[i + 2], token_[i], token_[i + 1]);
        rank_[i] = merge.rank;
        into_[i] = merge.token;
    }
    void join(std::uint32_t i) {
        token_[i] = into_[i];
        const auto close = [&](auto& array, std::uint32_t at, std::uint32_t end) {
            std::copy(array.begin() + at + 1, array.begin() + end, array.begin() + at);
        };
        close(begin_, i + 1, count_ + 1);
        close(token_, i + 1, count_);
        close(rank_, i, count_ - 1);
        close(into_, i, count_ - 1);
        --count_;
        if (i + 1 < count_) look_at(i);
        if (i > 0) look_at(i - 1);
    }

    const Rule& rule_;
    std::uint32_t count_;
    std::array<std::uint32_t, kScanned + 1> begin_;
    std::array<std::uint32_t, kScanned> token_, rank_, into_;
};

// --- longer pieces: parts linked, their pairs in a heap by rank and place ---

template <typename Rule>
void merge_with_heap(PartList<Rule>& parts) {
    using Entry = std::pair<std::uint32_t, std::uint32_t>;  // rank, place
    std::vector<Entry> entries;
    for (std::uint32_t at = 0; at < parts.size(); ++at) {
        if (parts.rank(at) != kNoToken) entries.emplace_back(parts.rank(at), at);
    }
    std::priority_queue queue(std::greater<Entry>{}, std::move(entries));
    const auto add = [&](std::uint32_t at) {
        if (parts.rank(at) != kNoToken) queue.emplace(parts.rank(at), at);
    };
    while (!queue.empty()) {
        const auto [rank, at] = queue.top();
        queue.pop();
        if (parts.rank(at) == rank) parts.join(at, add);
    }
}

// --- the longest: their pairs in a bucket for each rank ---

template <typename Rule>
void merge_with_buckets(PartList<Rule>& parts) {
    RankBuckets buckets;
    for (std::uint32_t at = 0; at < parts.size(); ++at) {
        if (parts.rank(at) != kNoToken) buckets.add(parts.rank(at), at);
    }
    std::uint32_t rank = 0;
    std::vector<std::uint32_t> places;
    while (buckets.take_lowest(rank, places)) {
        bool lower = false;  // a join made a pair that goes before the rest of this bucket
        const auto add = [&](std::uint32_t at) {
            const std::uint32_t added = parts.rank(at);
            if (added == kNoToken) return;
            buckets.add(added, at);
            lower = lower || added < rank;
        };
        for (const std::uint32_t at : places) {
            if (parts.rank(at) != rank) continue;
            if (lower)
                buckets.add(rank, at);
            else
                parts.join(at, add);
        }
    }
}

}  // namespace

template <typename Rule>
void merge(const Rule& rule, std::uint32_t size, std::vector<std::uint32_t>& out) {
    if (size <= kScanned) {
        ScannedPiece<Rule> piece(rule, size);
        piece.run();
        piece.append_to(out);
        return;
    }
    PartList<Rule> parts(rule, size);
    if (size <= kHeaped)
        merge_with_heap(parts);
    else
        merge_with_buckets(parts);
    parts.append_to(out);
}

template void merge(const ByBytes&, std::uint32_t, std::vector<std::uint32_t>&);
template void merge(const ByPairs&, std::uint32_t, std::vector<std::uint32_t>&);

}  // namespace ccr::tokens
