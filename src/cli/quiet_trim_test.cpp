#include "cli/quiet_trim.h"

#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

using namespace std::chrono_literals;

class QuietTrimTest : public testing::Test {
  protected:
    void settle() { trim_.hear(event::Settled{}); }

    boost::asio::io_context context_{1};
    int trims_ = 0;
    QuietTrim trim_{context_, 20ms, [this] { ++trims_; }};
};

TEST_F(QuietTrimTest, OnceAfterEachTimeOfQuiet) {
    settle();
    settle();
    context_.run();
    EXPECT_EQ(trims_, 1);
    context_.restart();
    settle();
    context_.run();
    EXPECT_EQ(trims_, 2);
}

TEST_F(QuietTrimTest, ARequestMeanwhilePutsItOff) {
    settle();
    boost::asio::steady_timer later(context_, 10ms);
    auto again = QuietTrim::Clock::time_point::max();
    later.async_wait([&](const auto&) {
        again = QuietTrim::Clock::now();
        settle();
    });
    context_.run();
    EXPECT_EQ(trims_, 1);
    EXPECT_GE(QuietTrim::Clock::now() - again, 20ms);
}

TEST_F(QuietTrimTest, OtherMilestonesAreNoEnd) {
    trim_.hear(event::Attempted{});
    context_.run();
    EXPECT_EQ(trims_, 0);
}

}  // namespace
}  // namespace ccr::cli
