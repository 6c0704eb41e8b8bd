// PartList: the parts of one long piece while they merge.
//
// One thread, one piece.
#pragma once

#include <cstdint>
#include <vector>

#include "tokens/token_table.h"

namespace ccr::tokens {

/// The parts of a piece in a list, each named by the offset it begins at. A part knows how its
/// merge with the next one ranks.
template <typename Rule>
class PartList {
  public:
    PartList(const Rule& rule, std::uint32_t size) : rule_(rule), parts_(size) {
        for (std::uint32_t i = 0; i < size; ++i)
            parts_[i] = {i + 1, i - 1, rule.token_of_byte(i), kNoToken, kNoToken};
        for (std::uint32_t i = 0; i + 1 < size; ++i) look_at(i);
    }
    std::uint32_t size() const { return static_cast<std::uint32_t>(parts_.size()); }
    std::uint32_t rank(std::uint32_t at) const { return parts_[at].rank; }

    /// Joins the part at `at` with the next one; calls `changed` with each part whose rank is new.
    template <typename Changed>
    void join(std::uint32_t at, Changed changed) {
        Part& part = parts_[at];
        Part& gone = parts_[part.next];
        part.token = part.into;
        part.next = gone.next;
        gone.rank = kNoToken;
        if (part.next < size()) parts_[part.next].previous = at;
        look_at(at);
        changed(at);
        if (at == 0) return;
        look_at(part.previous);
        changed(part.previous);
    }
    void append_to(std::vector<std::uint32_t>& out) const {
        for (std::uint32_t at = 0; at < size(); at = parts_[at].next)
            out.push_back(parts_[at].token);
    }

  private:
    struct Part {
        std::uint32_t next, previous, token, rank, into;
    };
    void look_at(std::uint32_t at) {
        Part& part = parts_[at];
        part.rank = kNoToken;
        if (part.next >= size()) return;
        const Part& next = parts_[part.next];
        const auto merge = rule_.of(at, next.next, part.token, next.token);
        part.rank = merge.rank;
        part.into = merge.token;
    }

    const Rule& rule_;
    std::vector<Part> parts_;
};

}  // namespace ccr::tokens
