#include "tokens/count_cache.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>

namespace ccr::tokens {
namespace {

TEST(ContentHash, DependsOnEveryByteOnTheLengthAndOnTheSeed) {
    std::set<std::uint64_t> seen;
    for (const std::size_t size : {0u, 1u, 15u, 16u, 63u, 64u, 65u, 200u}) {
        std::string text(size, 'x');
        EXPECT_TRUE(seen.insert(content_hash(text, 1)).second);
        EXPECT_TRUE(seen.insert(content_hash(text, 2)).second);
        EXPECT_EQ(content_hash(text, 1), content_hash(std::string(text), 1));
        for (char& c : text) {
            c ^= 1;
            EXPECT_TRUE(seen.insert(content_hash(text, 1)).second);
            c ^= 1;
        }
    }
    EXPECT_NE(content_hash(std::string(64, '\0'), 1), content_hash(std::string(65, '\0'), 1));
}

TEST(CountCache, FindsWhatWasPut) {
    CountCache cache(64);
    EXPECT_FALSE(cache.find(7, 100));
    cache.put(7, 100, 25);
    EXPECT_EQ(cache.find(7, 100), 25u);
    EXPECT_FALSE(cache.find(7, 101));
    EXPECT_FALSE(cache.find(8, 100));
    EXPECT_FALSE(cache.find(0, 0));
}

TEST(CountCache, ForgetsTheOldestOfARow) {
    CountCache cache(4);
    for (std::uint64_t i = 1; i <= 5; ++i) cache.put(i, 10, static_cast<std::uint32_t>(i));
    EXPECT_FALSE(cache.find(1, 10));
    for (std::uint64_t i = 2; i <= 5; ++i) EXPECT_EQ(cache.find(i, 10), i);
}

TEST(CountCache, IsSharedByThreads) {
    CountCache cache(256);
    const auto work = [&](std::uint64_t salt) {
        for (std::uint64_t i = 0; i < 5'000; ++i) {
            const std::uint64_t hash = content_hash(std::to_string(i % 100 + salt), 3);
            const auto expected = static_cast<std::uint32_t>(hash);
            EXPECT_EQ(cache.find(hash, 9).value_or(expected), expected);
            cache.put(hash, 9, static_cast<std::uint32_t>(hash));
        }
    };
    std::thread other(work, 50);
    work(0);
    other.join();
}

}  // namespace
}  // namespace ccr::tokens
