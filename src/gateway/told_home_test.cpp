#include "gateway/told_home.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

TEST(ToldHome, ArrivesAsItWasTold) {
    route::Facts facts;
    facts.last_input_tokens = 70'000;
    facts.home = route::Home{{"a", "m,x", {}}, {"b", "n", {}}, 65'000, std::chrono::seconds(40)};
    route::Facts taken;
    take_home(told_home(facts), taken);
    EXPECT_EQ(taken.last_input_tokens, 70'000);
    ASSERT_TRUE(taken.home);
    EXPECT_EQ(taken.home->target, facts.home->target);
    EXPECT_EQ(taken.home->chosen, facts.home->chosen);
    EXPECT_EQ(taken.home->cached_tokens, 65'000);
    EXPECT_EQ(taken.home->idle, std::chrono::seconds(40));
}

TEST(ToldHome, WithoutAHomeThereIsNone) {
    route::Facts taken;
    for (const std::string& told : {told_home({}), std::string("{}"), std::string("no"),
                                    std::string(R"({"home":{"target":"none"}})")}) {
        take_home(told, taken);
        EXPECT_FALSE(taken.home) << told;
        EXPECT_EQ(taken.last_input_tokens, 0) << told;
    }
}

}  // namespace
}  // namespace ccr::gateway
