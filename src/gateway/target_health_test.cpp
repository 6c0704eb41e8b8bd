#include "gateway/target_health.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace ccr::gateway {
namespace {

using namespace std::chrono_literals;

config::Provider provider_with(std::string key) {
    config::Provider provider;
    provider.name = "p";
    provider.base_url = "https://p.test/v1/chat/completions";
    provider.api_key = std::move(key);
    return provider;
}

struct Clocked {
    std::chrono::milliseconds now = 1'000'000s;
    std::chrono::milliseconds set = 0s;  // the wall clock, forth or back
    store::State state{store::StateSettings{}};
    TargetHealth health{state,
                        {.wall = [this] { return TargetHealth::Time(now + set); },
                         .steady = [this] { return TargetHealth::Steady(now); }}};
    config::Provider provider = provider_with("k1");

    bool rests(const config::Provider& which, const std::string& model = "m") {
        return health.is_resting(which, model);
    }
    /// It rests for so long, and no longer.
    void expect_rest(std::chrono::seconds length) {
        now += length - 1s;
        EXPECT_TRUE(rests(provider)) << length.count();
        now += 2s;
        EXPECT_FALSE(rests(provider)) << length.count();
    }
    void succeed() { health.succeeded(provider, "m", TargetHealth::Steady(now)); }
    void fail(ErrorKind kind, std::optional<std::chrono::seconds> retry_after = std::nullopt) {
        Error error = make_error(kind, "x");
        error.retry_after = retry_after;
        health.failed(provider, "m", error);
    }
};

TEST(TargetHealth, ARateLimitRestsItsKeyUntilTheNamedTime) {
    Clocked c;
    c.fail(ErrorKind::rate_limit, 60s);
    EXPECT_TRUE(c.rests(c.provider));
    EXPECT_TRUE(c.rests(c.provider, "another model"));
    EXPECT_FALSE(c.rests(provider_with("k2")));
    c.now += 59s;
    EXPECT_TRUE(c.rests(c.provider));
    c.now += 2s;
    EXPECT_FALSE(c.rests(c.provider));
}

TEST(TargetHealth, UnnamedRestsGrowUntilASuccess) {
    Clocked c;
    for (const auto expected : {5s, 10s, 20s}) {
        c.fail(ErrorKind::rate_limit);
        c.expect_rest(expected);
    }
    c.succeed();
    c.fail(ErrorKind::rate_limit);
    c.expect_rest(5s);
}

TEST(TargetHealth, ANamedTimeIsNeverShortened) {
    Clocked c;
    c.fail(ErrorKind::rate_limit, 3600s);
    c.fail(ErrorKind::rate_limit);
    c.expect_rest(3600s);
}

TEST(TargetHealth, AnOlderSuccessWakesNothing) {
    Clocked c;
    const TargetHealth::Steady began(c.now);
    c.now += 1s;
    c.fail(ErrorKind::rate_limit, 60s);
    c.now += 1s;
    c.health.succeeded(c.provider, "m", began);
    EXPECT_TRUE(c.rests(c.provider));
    c.succeed();
    EXPECT_FALSE(c.rests(c.provider));
}

TEST(TargetHealth, RefusedKeysRestLong) {
    Clocked c;
    c.fail(ErrorKind::authentication);
    EXPECT_TRUE(c.rests(c.provider, "another model"));
    c.expect_rest(600s);
    c.fail(ErrorKind::billing);
    c.expect_rest(3600s);
    c.fail(ErrorKind::permission);
    EXPECT_FALSE(c.rests(c.provider, "another model")) << "it may be about the model";
    c.expect_rest(600s);
    Error ours = make_error(ErrorKind::permission, "no login");
    ours.fault = Fault::config;
    c.health.failed(c.provider, "m", ours);
    EXPECT_FALSE(c.rests(c.provider));
}

TEST(TargetHealth, ATargetIsLookedAtAgainEveryHalfMinuteUnlessItIsSilent) {
    Clocked c;
    for (int i = 0; i < 3; ++i) c.fail(ErrorKind::upstream_failure);
    for (const auto rest : {10s, 20s, 30s, 30s}) {
        c.expect_rest(rest);
        (void)c.health.take_turn(c.provider, "m");
        c.fail(ErrorKind::upstream_failure);
    }
    c.expect_rest(30s);
    (void)c.health.take_turn(c.provider, "m");
    c.fail(ErrorKind::upstream_timeout);
    c.expect_rest(300s);
}

TEST(TargetHealth, FailuresInARowRestTheTargetAndThenOneProbes) {
    Clocked c;
    c.fail(ErrorKind::upstream_unreachable);
    c.fail(ErrorKind::upstream_timeout);
    EXPECT_FALSE(c.rests(c.provider));
    c.fail(ErrorKind::upstream_failure);
    EXPECT_FALSE(c.rests(c.provider, "another model"));
    EXPECT_TRUE(c.rests(provider_with("k2"))) << "it is the target, whatever the key";
    c.expect_rest(10s);

    (void)c.health.take_turn(c.provider, "m");
    EXPECT_TRUE(c.rests(c.provider)) << "one probe at a time";
    c.fail(ErrorKind::upstream_failure);
    c.expect_rest(20s);

    (void)c.health.take_turn(c.provider, "m");
    c.succeed();
    EXPECT_FALSE(c.rests(c.provider));
}

TEST(TargetHealth, OfThoseWhoAskTogetherOneProbes) {
    using Turn = TargetHealth::Turn;
    Clocked c;
    EXPECT_EQ(c.health.take_turn(c.provider, "m"), Turn::yes);
    for (int i = 0; i < 3; ++i) c.fail(ErrorKind::upstream_failure);
    EXPECT_EQ(c.health.take_turn(c.provider, "m"), Turn::no);
    c.now += 11s;
    EXPECT_FALSE(c.rests(c.provider)) << "all of them saw it so";
    EXPECT_EQ(c.health.take_turn(c.provider, "m"), Turn::probe);
    EXPECT_EQ(c.health.take_turn(c.provider, "m"), Turn::no);
    c.health.give_turn_back(c.provider, "m");
    EXPECT_EQ(c.health.take_turn(c.provider, "m"), Turn::probe);
    c.succeed();
    EXPECT_EQ(c.health.take_turn(c.provider, "m"), Turn::yes);
}

TEST(TargetHealth, FailuresThatWereUnderWayTogetherAreOne) {
    Clocked c;
    for (int i = 0; i < 20; ++i) c.fail(ErrorKind::upstream_unreachable);
    c.expect_rest(10s);
}

TEST(TargetHealth, AClientThatLeavesShowsNothing) {
    Clocked c;
    c.fail(ErrorKind::upstream_timeout);
    c.fail(ErrorKind::client_gone);
    c.fail(ErrorKind::upstream_timeout);
    c.fail(ErrorKind::client_gone);
    c.fail(ErrorKind::upstream_timeout);
    c.expect_rest(10s);
    (void)c.health.take_turn(c.provider, "m");
    c.fail(ErrorKind::client_gone);
    EXPECT_FALSE(c.rests(c.provider)) << "the next one may probe";
    (void)c.health.take_turn(c.provider, "m");
    c.fail(ErrorKind::upstream_timeout);
    c.expect_rest(20s);
}

TEST(TargetHealth, ARefusalShowsThatSomebodyIsThere) {
    Clocked c;
    for (int i = 0; i < 3; ++i) c.fail(ErrorKind::upstream_failure);
    c.now += 11s;
    (void)c.health.take_turn(c.provider, "m");
    Error refusal = make_error(ErrorKind::invalid_request, "x");
    refusal.fault = Fault::upstream;
    c.health.failed(c.provider, "m", refusal);
    EXPECT_FALSE(c.rests(c.provider));
}

TEST(TargetHealth, AClockThatIsSetBackMakesNoRestOfDays) {
    Clocked c;
    c.fail(ErrorKind::rate_limit, 60s);
    c.set = -std::chrono::hours(5);
    c.expect_rest(60s);
    c.fail(ErrorKind::rate_limit, 60s);
    c.set = 0s;
    c.now += 2s;
    EXPECT_FALSE(c.rests(c.provider)) << "its time has passed by the clock that the provider has";
}

TEST(TargetHealth, AClockThatIsSetForthAndBackLeavesNoRestOfYears) {
    Clocked c;
    c.set = std::chrono::hours(87'600);
    c.fail(ErrorKind::rate_limit, 60s);
    c.set = 0s;
    c.expect_rest(60s);
}

TEST(TargetHealth, AClockThatJumpsMovesNoTargetsRest) {
    Clocked c;
    for (int i = 0; i < 3; ++i) c.fail(ErrorKind::upstream_failure);
    for (const auto set : {-std::chrono::hours(24), std::chrono::hours(24)}) {
        c.set = set;
        EXPECT_TRUE(c.rests(c.provider)) << set.count();
    }
    c.expect_rest(10s);
}

TEST(TargetHealth, AProbeWhoseOutcomeIsNeverToldDoesNotBlockForEver) {
    Clocked c;
    for (int i = 0; i < 3; ++i) c.fail(ErrorKind::upstream_failure);
    c.now += 11s;
    (void)c.health.take_turn(c.provider, "m");
    c.now += 31s;
    EXPECT_FALSE(c.rests(c.provider));
}

TEST(TargetHealth, AClientsMistakeRestsNothing) {
    Clocked c;
    for (int i = 0; i < 9; ++i) {
        c.fail(ErrorKind::invalid_request);
        c.fail(ErrorKind::context_overflow);
        c.fail(ErrorKind::client_gone);
    }
    EXPECT_FALSE(c.rests(c.provider));
}

TEST(TargetHealth, RestsOfKeysOutliveARestart) {
    const auto file = std::filesystem::temp_directory_path() /
                      ("ccr-health-" + std::to_string(::getpid()) + ".sqlite");
    {
        store::State state(store::StateSettings{.file = file.string()});
        state.wait_loaded(5s);
        TargetHealth health(state);
        Error error = make_error(ErrorKind::rate_limit, "x");
        error.retry_after = 3600s;
        health.failed(provider_with("secret-key"), "m", error);
    }
    store::State state(store::StateSettings{.file = file.string()});
    ASSERT_TRUE(state.wait_loaded(5s));
    TargetHealth health(state);
    EXPECT_TRUE(health.is_resting(provider_with("secret-key"), "m"));
    EXPECT_FALSE(health.is_resting(provider_with("other"), "m"));
    std::error_code ignored;
    for (const char* ending : {"", "-wal", "-shm"})
        std::filesystem::remove(file.string() + ending, ignored);
}

}  // namespace
}  // namespace ccr::gateway
