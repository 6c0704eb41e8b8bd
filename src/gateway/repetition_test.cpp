#include "gateway/repetition.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

constexpr const char* kDelivered = "The quick brown fox jumps over the lazy";

TEST(Repetition, WhatIsSaidOverAgainIsDropped) {
    Repetition repetition;
    repetition.expect(kDelivered);
    EXPECT_EQ(repetition.take("The quick brown "), "");
    EXPECT_TRUE(repetition.looking());
    EXPECT_EQ(repetition.take("fox jumps over the lazy dog,"), " dog,");
    EXPECT_EQ(repetition.take(" The quick"), " The quick");
    EXPECT_EQ(repetition.rest(), "");
}

TEST(Repetition, WhatOnlyBeginsAlikeComesWhole) {
    Repetition repetition;
    repetition.expect(kDelivered);
    EXPECT_EQ(repetition.take("The quick"), "");
    EXPECT_EQ(repetition.take(" answer"), "The quick answer");
    repetition.expect(kDelivered);
    EXPECT_EQ(repetition.take(" dog."), " dog.");
}

TEST(Repetition, WhatTheEndLeavesOpenComesWhole) {
    for (const std::string text : {"The", "The quick brown fox jumps over the la", kDelivered}) {
        Repetition repetition;
        repetition.expect(kDelivered);
        EXPECT_EQ(repetition.take(text), "");
        EXPECT_EQ(repetition.rest(), text);
    }
}

// An upstream that had ended its block, and not its answer.
TEST(Repetition, ABlockThatHadEndedIsNotSaidTwice) {
    Repetition repetition;
    repetition.expect(kDelivered, true);
    EXPECT_EQ(repetition.take(kDelivered), "");
    EXPECT_EQ(repetition.rest(), "");
    repetition.expect(kDelivered, true);
    EXPECT_EQ(repetition.take("The quick"), "");
    EXPECT_EQ(repetition.rest(), "The quick");
}

std::string times(std::string_view text, std::size_t count) {
    std::string out;
    while (count-- > 0) out += text;
    return out;
}

/// What the client gets of an answer that is cut after `cut` bytes and carried on faithfully.
std::string carried_on(const std::string& answer, std::size_t cut, std::size_t piece) {
    Repetition repetition;
    repetition.expect(answer.substr(0, cut));
    std::string out = answer.substr(0, cut);
    for (std::size_t at = cut; at < answer.size(); at += piece)
        out += repetition.take(answer.substr(at, piece));
    return out + repetition.rest();
}

class HonestAnswer : public testing::TestWithParam<std::string> {};

TEST_P(HonestAnswer, LosesNothingWhereverItIsCut) {
    const std::string& answer = GetParam();
    for (std::size_t cut = 1; cut < answer.size(); ++cut) {
        for (const std::size_t piece : {1u, 5u, 1000u})
            ASSERT_EQ(carried_on(answer, cut, piece), answer) << cut << " " << piece;
    }
}

const std::string kAnswers[] = {
    times("All work and no play makes Jack a dull boy.\n", 8),
    times("| name | value | comment | unit |\n", 2) + "| a | 1 | - | m |\n",
    times("0123456789abcdef0123456789abcdefXYZ", 9),
    times("=", 200) + "\n" + times("-", 200),
    "Row, row, row your boat,\ngently down the stream.\n\nRow, row, row your boat,\ngently down "
    "the stream.\n\nNow backwards.",
    times("=", 70) + "\n",
    times("好的，我来看看这个文件的内容。", 6),
    times("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 5),
};
INSTANTIATE_TEST_SUITE_P(All, HonestAnswer, testing::ValuesIn(kAnswers));

TEST(Repetition, AShortBeginningIsNotLookedFor) {
    Repetition repetition;
    repetition.expect("Yes, ");
    EXPECT_EQ(repetition.take("Yes, "), "Yes, ");
}

}  // namespace
}  // namespace ccr::gateway
