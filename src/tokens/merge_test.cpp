#include "tokens/merge.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "tokens/rank_buckets.h"

namespace ccr::tokens {
namespace {

using Numbers = std::vector<std::uint32_t>;

// A vocabulary with many ways to the same bytes: all 256 bytes in an odd order, then random strings
// of three letters.
struct Vocabulary {
    std::string bytes;
    std::vector<TokenTable::Place> places;

    void add(std::string_view token) {
        places.push_back(
            {static_cast<std::uint32_t>(bytes.size()), static_cast<std::uint32_t>(token.size())});
        bytes += token;
    }
    explicit Vocabulary(std::mt19937& random) {
        for (int i = 0; i < 256; ++i) add(std::string(1, static_cast<char>(i * 7)));
        std::set<std::string> known;
        while (known.size() < 120) {
            std::string token;
            for (auto size = 2 + random() % 8; size > 0; --size) token += "abc"[random() % 3];
            if (known.insert(token).second) add(token);
        }
    }
};

// The rule as it is told: the lowest rank among all neighbours, the leftmost first.
template <typename Rule>
Numbers merged_slowly(const Rule& rule, std::uint32_t size) {
    struct Part {
        std::uint32_t begin, end, token;
    };
    std::vector<Part> parts;
    for (std::uint32_t i = 0; i < size; ++i) parts.push_back({i, i + 1, rule.token_of_byte(i)});
    while (true) {
        Merge best;
        std::size_t where = 0;
        for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
            const Merge merge =
                rule.of(parts[i].begin, parts[i + 1].end, parts[i].token, parts[i + 1].token);
            if (merge.rank < best.rank) best = merge, where = i;
        }
        if (best.rank == kNoToken) break;
        parts[where] = {parts[where].begin, parts[where + 1].end, best.token};
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(where) + 1);
    }
    Numbers numbers;
    for (const Part& part : parts) numbers.push_back(part.token);
    return numbers;
}

std::string letters(std::mt19937& random, std::size_t size, unsigned kinds) {
    std::string text;
    while (text.size() < size) text += "abcd"[random() % kinds];
    return text;
}

template <typename Rule>
void expect_as_slowly(const Rule& rule, std::string_view piece) {
    Numbers numbers;
    const auto size = static_cast<std::uint32_t>(piece.size());
    merge(rule, size, numbers);
    EXPECT_EQ(numbers, merged_slowly(rule, size)) << piece.substr(0, 100);
}

// Below 64 bytes a scan, up to 4096 a heap, beyond that buckets.
constexpr std::size_t kSizes[] = {1, 2, 3, 7, 40, 63, 64, 65, 250};
constexpr std::size_t kLongSizes[] = {4096, 4097};

TEST(MergeByBytes, EveryWayGivesTheRulesResult) {
    std::mt19937 random(1);
    for (int round = 0; round < 3; ++round) {
        const Vocabulary vocabulary(random);
        const TokenTable table(vocabulary.bytes, vocabulary.places);
        for (const std::size_t size : kSizes) {
            for (const unsigned kinds : {1u, 2u, 3u, 4u}) {
                const std::string piece = letters(random, size, kinds);
                expect_as_slowly(ByBytes(table, piece), piece);
            }
        }
    }
    const Vocabulary vocabulary(random);
    const TokenTable table(vocabulary.bytes, vocabulary.places);
    for (const std::size_t size : kLongSizes) {
        const std::string piece = letters(random, size, 3);
        expect_as_slowly(ByBytes(table, piece), piece);
    }
}

TEST(MergeByPairs, EveryWayGivesTheRulesResult) {
    std::mt19937 random(2);
    std::array<std::uint32_t, 256> bytes{};
    for (std::uint32_t i = 0; i < 256; ++i) bytes[i] = i;
    for (int round = 0; round < 3; ++round) {
        std::vector<PairMerges::Rule> rules;
        std::vector<std::uint32_t> made{'a', 'b', 'c', 'd'};
        for (std::uint32_t i = 0; i < 60; ++i) {
            const std::uint32_t token = 256 + i;
            rules.push_back({made[random() % made.size()], made[random() % made.size()], token});
            made.push_back(token);
        }
        const PairMerges merges(bytes, rules);
        for (const std::size_t size : kSizes) {
            const std::string piece = letters(random, size, 1 + random() % 4);
            expect_as_slowly(ByPairs(merges, piece), piece);
        }
        if (round > 0) continue;
        const std::string piece = letters(random, 4097, 4);
        expect_as_slowly(ByPairs(merges, piece), piece);
    }
}

TEST(RankBuckets, GiveTheLowestRankInOrderOfPlace) {
    RankBuckets buckets;
    for (const auto& [rank, place] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
             {9000, 1}, {3, 8}, {3, 2}, {200'000, 5}, {3, 4}})
        buckets.add(rank, place);
    std::uint32_t rank = 0;
    Numbers places;
    ASSERT_TRUE(buckets.take_lowest(rank, places));
    EXPECT_EQ(rank, 3u);
    EXPECT_EQ(places, (Numbers{2, 4, 8}));
    buckets.add(64, 7);
    ASSERT_TRUE(buckets.take_lowest(rank, places));
    EXPECT_EQ(rank, 64u);
    ASSERT_TRUE(buckets.take_lowest(rank, places));
    EXPECT_EQ(rank, 9000u);
    ASSERT_TRUE(buckets.take_lowest(rank, places));
    EXPECT_EQ(places, Numbers{5});
    EXPECT_FALSE(buckets.take_lowest(rank, places));
}

TEST(TokenTable, FindsWhatIsThereAndNothingElse) {
    std::mt19937 random(3);
    const Vocabulary vocabulary(random);
    const TokenTable table(vocabulary.bytes, vocabulary.places);
    const auto token = [&](std::string_view bytes) {
        return table.find(bytes, bytes.data() + bytes.size());
    };
    std::set<std::string, std::less<>> known;
    for (std::uint32_t i = 0; i < vocabulary.places.size(); ++i) {
        const auto [offset, size] = vocabulary.places[i];
        const std::string bytes = vocabulary.bytes.substr(offset, size);
        EXPECT_EQ(token(bytes), i);
        known.insert(bytes);
    }
    for (int i = 0; i < 20'000; ++i) {
        const std::string bytes = letters(random, 1 + random() % 12, 4);
        EXPECT_EQ(token(bytes) != kNoToken, known.contains(bytes)) << bytes;
    }
    EXPECT_EQ(token(std::string_view("a\0", 2)), kNoToken);
    EXPECT_EQ(token(std::string(1000, 'a')), kNoToken);
}

}  // namespace
}  // namespace ccr::tokens
