// Merging: what byte-pair encoding makes of one piece that is no token itself - the neighbours
// whose merge ranks lowest become one, the leftmost first, until no two neighbours merge.
//
// Three ways of one result: a scan for short pieces, a heap for longer ones, and for the longest a
// bucket for each rank, which keeps a megabyte of one letter linear. One thread; stateless.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tokens/pair_merges.h"
#include "tokens/token_table.h"

namespace ccr::tokens {

/// What two neighbours merge into, and how soon. Lower ranks go first.
struct Merge {
    std::uint32_t rank = kNoToken;  // kNoToken = they do not merge
    std::uint32_t token = kNoToken;
};

/// Merges by what the joined bytes are: any two neighbours that together are a token merge, the
/// token's number is the rank (tiktoken's rule).
class ByBytes {
  public:
    ByBytes(const TokenTable& table, std::string_view piece)
        : table_(table), piece_(piece), end_(piece.data() + piece.size()) {}
    std::uint32_t token_of_byte(std::uint32_t at) const {
        return table_.find(piece_.substr(at, 1), end_);
    }
    Merge of(std::uint32_t begin, std::uint32_t end, std::uint32_t, std::uint32_t) const {
        const std::uint32_t token =
            end - begin == 2 ? table_.find_pair(static_cast<unsigned char>(piece_[begin]),
                                                static_cast<unsigned char>(piece_[begin + 1]))
                             : table_.find(piece_.substr(begin, end - begin), end_);
        return {token, token};
    }

  private:
    const TokenTable& table_;
    std::string_view piece_;
    const char* end_;
};

/// Merges by a list of pairs in their order (tokenizer.json's rule).
class ByPairs {
  public:
    ByPairs(const PairMerges& merges, std::string_view piece) : merges_(merges), piece_(piece) {}
    std::uint32_t token_of_byte(std::uint32_t at) const {
        return merges_.token_of_byte(static_cast<unsigned char>(piece_[at]));
    }
    Merge of(std::uint32_t, std::uint32_t, std::uint32_t left, std::uint32_t right) const {
        const PairMerges::Found found = merges_.find(left, right);
        return {found.rank, found.token};
    }

  private:
    const PairMerges& merges_;
    std::string_view piece_;
};

/// Appends the tokens of a piece of `size` bytes. At most 4 GB.
template <typename Rule>
void merge(const Rule& rule, std::uint32_t size, std::vector<std::uint32_t>& out);

extern template void merge(const ByBytes&, std::uint32_t, std::vector<std::uint32_t>&);
extern template void merge(const ByPairs&, std::uint32_t, std::vector<std::uint32_t>&);

}  // namespace ccr::tokens
