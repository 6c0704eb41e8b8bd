#include "cli/farewell.h"

#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

using namespace std::chrono_literals;

const Farewell::Moment kStart{1000s};
constexpr Farewell::UnderWay kNothing{}, kIdle{0, 1}, kBusy{1, 1};

TEST(Farewell, EndsAtOnceWhereNothingIsUnderWay) {
    Farewell farewell;
    EXPECT_FALSE(farewell.has_begun());
    farewell.begin(kStart, 10s);
    EXPECT_TRUE(farewell.has_begun());
    EXPECT_FALSE(farewell.is_handed_over());
    EXPECT_TRUE(farewell.may_close(kStart, kIdle));
    EXPECT_FALSE(farewell.is_over(kStart, 0)) << "before connections are closed";
    farewell.close_at(kStart);
    EXPECT_FALSE(farewell.may_close(kStart, kIdle)) << "once is enough";
    EXPECT_TRUE(farewell.is_over(kStart, 0));
}

TEST(Farewell, RequestsHaveTheirGraceAndASecondForLastWords) {
    Farewell farewell;
    farewell.begin(kStart, 10s);
    EXPECT_FALSE(farewell.may_close(kStart + 9s, kBusy));
    EXPECT_TRUE(farewell.may_close(kStart + 10s, kBusy));
    farewell.close_at(kStart + 10s);
    EXPECT_FALSE(farewell.is_over(kStart + 10s, 1));
    EXPECT_TRUE(farewell.is_over(kStart + 10s, 0));
    EXPECT_TRUE(farewell.is_over(kStart + 11s, 1));
}

TEST(Farewell, ASecondSignalEndsTheGrace) {
    Farewell farewell;
    farewell.hurry(kStart, 10s);
    farewell.begin(kStart, 10s);
    EXPECT_FALSE(farewell.may_close(kStart + 1s, kBusy));
    farewell.hurry(kStart + 1s, 10s);
    EXPECT_TRUE(farewell.may_close(kStart + 1s, kBusy));
}

TEST(Farewell, AfterAHandoverOpenConnectionsAreWaitedFor) {
    Farewell farewell;
    farewell.begin_after_handover(kStart);
    EXPECT_TRUE(farewell.is_handed_over());
    EXPECT_FALSE(farewell.may_close(kStart + 100ms, kNothing)) << "accepted, but not yet counted";
    EXPECT_TRUE(farewell.may_close(kStart + 300ms, kNothing));
    EXPECT_FALSE(farewell.may_close(kStart + 4s, kIdle));
    EXPECT_TRUE(farewell.may_close(kStart + 5s, kIdle));
    EXPECT_FALSE(farewell.may_close(kStart + 59min, kBusy));
    EXPECT_TRUE(farewell.may_close(kStart + 1h, kBusy));
}

TEST(Farewell, AfterAHandoverTheFirstSignalGivesGraceAndTheSecondEnds) {
    Farewell farewell;
    farewell.begin_after_handover(kStart);
    farewell.hurry(kStart + 1s, 10s);
    EXPECT_TRUE(farewell.may_close(kStart + 1s, kIdle)) << "idle ones are not waited for";
    EXPECT_FALSE(farewell.may_close(kStart + 10s, kBusy));
    EXPECT_TRUE(farewell.may_close(kStart + 11s, kBusy));
    farewell.hurry(kStart + 2s, 10s);
    EXPECT_TRUE(farewell.may_close(kStart + 2s, kBusy));
}

}  // namespace
}  // namespace ccr::cli
