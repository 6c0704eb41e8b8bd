// What gather() looks for only where routing asks.
#include "route/facts.h"

#include <gtest/gtest.h>

#include <ctime>

namespace ccr::route {
namespace {

class GatherTest : public testing::Test {
  protected:
    GatherTest() { conversation_.effort = chat::Effort::max; }
    Facts gathered() const { return gather(conversation_, Protocol::anthropic, {}, routing_); }
    config::Rule& rule() { return routing_.rules.emplace_back(); }

    chat::Conversation conversation_;
    config::Routing routing_;
};

TEST_F(GatherTest, OfThoughtWhereTheRouterThinks) {
    EXPECT_FALSE(gathered().thought.effort);
    rule().when.models = {"x"};
    EXPECT_FALSE(gathered().thought.effort);
    routing_.think = *config::parse_model_ref("p,m");
    EXPECT_EQ(gathered().thought.effort, chat::Effort::max);
}

TEST_F(GatherTest, OfThoughtWhereARuleAsksForEffort) {
    rule().when.efforts = {"max"};
    EXPECT_EQ(gathered().thought.effort, chat::Effort::max);
}

TEST_F(GatherTest, OfThoughtWhereARuleAsksForScenarios) {
    rule().when.scenarios = {"think"};
    EXPECT_EQ(gathered().thought.effort, chat::Effort::max);
}

TEST_F(GatherTest, OfTheClockWhereARuleAsks) {
    rule();
    rule().when.times.emplace_back();
    const auto minute_of = [](std::time_t at) {
        std::tm local{};
        ::localtime_r(&at, &local);
        return (local.tm_wday + 6) % 7 * 24 * 60 + local.tm_hour * 60 + local.tm_min;
    };
    const int before = minute_of(std::time(nullptr));
    const WallClock now = gathered().now;
    const int is = now.weekday * 24 * 60 + now.minute;
    EXPECT_TRUE(is == before || is == minute_of(std::time(nullptr))) << is << ", not " << before;
}

}  // namespace
}  // namespace ccr::route
