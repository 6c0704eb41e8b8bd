// CountCache: how many tokens a text has, by a hash of its bytes, so that a growing conversation
// pays for its tail only.
//
// Bounded: a table of fixed size in which a new entry replaces an old one of its own row. Any
// thread; rows are guarded in groups.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace ccr::tokens {

/// 64 bits of the content and `seed`; not for adversaries.
std::uint64_t content_hash(std::string_view bytes, std::uint64_t seed);

class CountCache {
  public:
    /// Room for `entries`, rounded up to a power of two; 16 bytes each.
    explicit CountCache(std::size_t entries = 32 * 1024);

    std::optional<std::uint32_t> find(std::uint64_t hash, std::size_t size) const;
    void put(std::uint64_t hash, std::size_t size, std::uint32_t tokens);

  private:
    static constexpr std::size_t kRow = 4, kGuards = 32;
    struct Entry {
        std::uint64_t hash = 0;
        std::uint32_t size = 0;  // 0 = free; kept besides the hash to make a mistake rarer still
        std::uint32_t tokens = 0;
    };
    using Row = std::array<Entry, kRow>;
    std::size_t row_of(std::uint64_t hash) const { return (hash >> 32) & (rows_.size() - 1); }
    std::mutex& guard_of(std::size_t row) const { return guards_[row % kGuards]; }

    std::vector<Row> rows_;
    mutable std::array<std::mutex, kGuards> guards_;
};

}  // namespace ccr::tokens
