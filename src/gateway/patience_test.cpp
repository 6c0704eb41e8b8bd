#include "gateway/patience.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

using namespace std::chrono_literals;

TEST(Patience, TheProvidersOwnSettingComesFirst) {
    config::Provider provider;
    config::Config config;
    const net::Clock::time_point now{};
    EXPECT_EQ(Patience(provider, config).end_of(&config::Timeouts::idle, now), net::kNever);
    EXPECT_EQ(Patience(provider, config).slowest(), std::nullopt);
    config.timeouts.idle = 9s;
    config.timeouts.slowest = 5;
    EXPECT_EQ(Patience(provider, config).end_of(&config::Timeouts::idle, now), now + 9s);
    provider.timeouts.idle = 1s;
    provider.timeouts.slowest = 2;
    EXPECT_EQ(Patience(provider, config).end_of(&config::Timeouts::idle, now), now + 1s);
    EXPECT_EQ(Patience(provider, config).slowest(), 2);
}

TEST(SlowGuard, JudgesTenSecondsAtATime) {
    net::Clock::time_point now{};
    SlowGuard guard(4.0, now);
    EXPECT_FALSE(guard.is_too_slow(1, now + 9s)) << "ten seconds have not passed";
    EXPECT_FALSE(guard.is_too_slow(39, now + 10s)) << "40 in 10 s";
    EXPECT_FALSE(guard.is_too_slow(1000, now + 11s));
    EXPECT_FALSE(guard.is_too_slow(0, now + 20s)) << "what came early in the window counts in it";
    EXPECT_TRUE(guard.is_too_slow(39, now + 30s));
    EXPECT_FALSE(guard.is_too_slow(0, now + 31s)) << "a new window";
}

TEST(SlowGuard, WithoutALimitNothingIsSlow) {
    SlowGuard guard(std::nullopt, net::Clock::time_point{});
    EXPECT_FALSE(guard.is_too_slow(0, net::Clock::time_point{} + 3h));
}

}  // namespace
}  // namespace ccr::gateway
