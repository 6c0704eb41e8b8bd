// Words: finds every occurrence of many literals in a text in one pass (Wu and Manber, 1994).
//
// Blocks of two bytes index a table that says how far the scan may jump, so a text without any of
// the literals costs a fraction of a look-up per byte. Immutable once built; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ccr::redact {

class Words {
  public:
    /// Literals shorter than two bytes are left out.
    explicit Words(std::vector<std::string> literals);

    const std::vector<std::string>& literals() const { return literals_; }

    /// Calls `found(begin, length)` for every occurrence, overlapping ones included, by ascending
    /// end of the literals' first min_length bytes.
    template <typename Found>
    void find(std::string_view text, Found&& found) const {
        if (literals_.empty() || text.size() < shortest_) return;
        std::size_t at = shortest_ - 1;
        while (at < text.size()) {
            const std::size_t block = block_of(text[at - 1], text[at]);
            const std::size_t jump = jump_[block];
            if (jump != 0) {
                at += jump;
                continue;
            }
            const std::string_view rest = text.substr(at + 1 - shortest_);
            for (std::size_t i = bucket_[block]; i < bucket_[block + 1]; ++i) {
                if (rest.starts_with(literals_[i])) found(at + 1 - shortest_, literals_[i].size());
            }
            ++at;
        }
    }

  private:
    static constexpr std::size_t kBlocks = 4096;
    static std::size_t block_of(char first, char second) {
        return ((static_cast<unsigned char>(first) << 5) ^ static_cast<unsigned char>(second)) &
               (kBlocks - 1);
    }

    std::vector<std::string> literals_;  // ordered by the block their heads end in
    std::size_t shortest_ = 0;           // every literal counts by its first so many bytes
    std::array<std::uint8_t, kBlocks> jump_{};
    std::array<std::uint32_t, kBlocks + 1> bucket_{};  // first literal of each block
};

}  // namespace ccr::redact
