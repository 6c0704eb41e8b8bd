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

TEST(Repetition, TheEndTellsAShortWordFromALongRepetition) {
    Repetition repetition;
    repetition.expect(kDelivered);
    EXPECT_EQ(repetition.take("The"), "");
    EXPECT_EQ(repetition.rest(), "The");
    repetition.expect(kDelivered);
    EXPECT_EQ(repetition.take("The quick brown fox jumps over the la"), "");
    EXPECT_EQ(repetition.rest(), "");
}

TEST(Repetition, AShortBeginningIsNotLookedFor) {
    Repetition repetition;
    repetition.expect("Yes, ");
    EXPECT_EQ(repetition.take("Yes, "), "Yes, ");
}

}  // namespace
}  // namespace ccr::gateway
