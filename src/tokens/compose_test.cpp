#include "tokens/compose.h"

#include <gtest/gtest.h>

namespace ccr::tokens {
namespace {

TEST(Compose, JoinsLettersWithTheirMarks) {
    EXPECT_EQ(compose("e\u0301"), "\u00E9");
    EXPECT_EQ(compose("o\u0302\u0301"), "\u1ED1");
    EXPECT_EQ(compose("\u212B"), "\u00C5");
    EXPECT_EQ(compose("plain"), "plain");
}

TEST(Compose, OrdersMarksAndRespectsBlocking) {
    EXPECT_EQ(compose("a\u0323\u0302"), "\u1EAD");
    EXPECT_EQ(compose("a\u0302\u0323"), "\u1EAD");
    EXPECT_EQ(compose("a\u0301\u0300"), "\u00E1\u0300");
    EXPECT_EQ(compose("\u0301a"), "\u0301a");
    EXPECT_EQ(compose("e\u0345\u0301"), "\u00E9\u0345");
}

TEST(Compose, JoinsHangul) {
    EXPECT_EQ(compose("\u1112\u1161\u11AB\u1100\u1173\u11AF"), "\uD55C\uAE00");
    EXPECT_EQ(compose("\uD558\u11AB"), "\uD55C");
    EXPECT_EQ(compose("\uD55C\u11AB"), "\uD55C\u11AB");
}

TEST(Compose, LeavesOutWhatIsExcludedFromComposition) {
    EXPECT_EQ(compose("\u0958"), "\u0915\u093C");
    EXPECT_EQ(compose("\u0915\u093C"), "\u0915\u093C");
}

TEST(Compose, KnowsTextThatNeedsNothing) {
    EXPECT_TRUE(is_composed("plain text, \u00E9\u4E2D\uD55C\U0001F600"));
    for (const char* text : {"e\u0301", "\u212B", "\u1112\u1161", "\u0958", "\u0344"})
        EXPECT_FALSE(is_composed(text)) << text;
}

}  // namespace
}  // namespace ccr::tokens
