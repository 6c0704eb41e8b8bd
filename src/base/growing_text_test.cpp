#include "base/growing_text.h"

#include <gtest/gtest.h>

namespace ccr {
namespace {

TEST(GrowingText, IsWhatWasAppended) {
    std::string text, expected;
    for (std::size_t size = 0; size < 3000; size += 7) {
        const std::string piece(size, static_cast<char>('a' + size % 26));
        append_growing(text, piece);
        expected += piece;
    }
    ASSERT_GT(text.size(), 512u << 10);
    EXPECT_EQ(text, expected);
}

TEST(GrowingText, TakesNoRoomBetweenASmallAndAMappedBlock) {
    std::string text;
    const std::string piece(10'000, 'x');
    std::size_t grown = 0, before = 0;
    while (text.size() <= 2 * kLargestKeptBlock) {
        append_growing(text, piece);
        if (text.capacity() == before) continue;
        before = text.capacity();
        EXPECT_TRUE(before <= 512u << 10 || before > kLargestKeptBlock) << before;
        ++grown;
    }
    EXPECT_LE(grown, 12u);
}

TEST(GrowingText, APieceLargerThanThatHasItsRoom) {
    std::string text = "so";
    const std::string piece(2 * kLargestKeptBlock, 'x');
    append_growing(text, piece);
    EXPECT_EQ(text, "so" + piece);
}

}  // namespace
}  // namespace ccr
