#include "base/arena.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace ccr {
namespace {

TEST(Arena, everything_kept_stays_as_it_was_whatever_comes_after) {
    std::mt19937 random(7);
    Arena arena;
    std::vector<std::pair<std::string, std::string_view>> kept;
    for (int i = 0; i < 2000; ++i) {
        std::string bytes(random() % 300, static_cast<char>('a' + i % 26));
        const std::string_view copy = arena.keep(bytes);
        kept.emplace_back(std::move(bytes), copy);
    }
    for (const auto& [bytes, copy] : kept) EXPECT_EQ(bytes, copy);
}

TEST(Arena, a_copy_does_not_share_bytes_with_its_original) {
    Arena arena;
    std::string bytes = "original";
    const std::string_view copy = arena.keep(bytes);
    std::memset(bytes.data(), 'x', bytes.size());
    EXPECT_EQ(copy, "original");
}

TEST(Arena, moving_keeps_addresses) {
    Arena first;
    const std::string_view copy = first.keep("stays where it is");
    const char* address = copy.data();
    const Arena second = std::move(first);
    EXPECT_EQ(copy.data(), address);
    EXPECT_EQ(copy, "stays where it is");
}

TEST(Arena, nothing_is_kept_for_nothing) {
    Arena arena;
    EXPECT_TRUE(arena.keep({}).empty());
}

TEST(Arena, large_room_is_usable_to_its_last_byte) {
    Arena arena;
    constexpr std::size_t kSize = 3u << 20;
    char* room = arena.allocate(kSize);
    std::memset(room, 'z', kSize);
    const std::string_view after = arena.keep("after");
    EXPECT_EQ(room[kSize - 1], 'z');
    EXPECT_EQ(after, "after");
}

}  // namespace
}  // namespace ccr
