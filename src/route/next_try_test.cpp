#include "route/next_try.h"

#include <gtest/gtest.h>

namespace ccr::route {
namespace {

using namespace std::chrono_literals;
using Where = NextTry::Where;
using enum ErrorKind;

const config::RetrySettings kRetry{.most = 2, .base = 100ms, .cap = 1000ms};

NextTry after(ErrorKind kind, Tried tried,
              std::optional<std::chrono::seconds> retry_after = std::nullopt) {
    Error error = make_error(kind, "x");
    if (error.retry == Retry::no && kind != invalid_request && kind != client_gone)
        error.retry = Retry::next_target;  // as a provider's own refusal comes
    error.retry_after = retry_after;
    return next_try(error, tried, kRetry, 1.0);
}

TEST(NextTry, ConnectionsAreTriedAgainAndThenLeft) {
    EXPECT_EQ(after(upstream_unreachable, {.tries = 1}), (NextTry{Where::same_target, 100ms}));
    EXPECT_EQ(after(upstream_unreachable, {.tries = 2}), (NextTry{Where::same_target, 200ms}));
    EXPECT_EQ(after(upstream_unreachable, {.tries = 3}).where, Where::nowhere);
    EXPECT_EQ(after(upstream_unreachable, {.tries = 1, .another_target = true}).where,
              Where::same_target);
    EXPECT_EQ(after(upstream_unreachable, {.tries = 2, .another_target = true}).where,
              Where::next_target);
    EXPECT_EQ(after(upstream_unreachable, {.tries = 3, .another_key = true}).where, Where::nowhere)
        << "another key changes nothing about a connection";
}

TEST(NextTry, AServersFaultGetsOneMoreTry) {
    for (const ErrorKind kind : {upstream_failure, upstream_protocol, empty_reply}) {
        EXPECT_EQ(after(kind, {.tries = 1, .another_target = true}).where, Where::same_target);
        EXPECT_EQ(after(kind, {.tries = 2, .another_target = true}).where, Where::next_target);
        EXPECT_EQ(after(kind, {.tries = 2}).where, Where::nowhere);
    }
}

TEST(NextTry, AnAnswerThatBrokeOffGoesOnElsewhereOrHere) {
    for (const ErrorKind kind : {upstream_unreachable, upstream_timeout, upstream_protocol}) {
        EXPECT_EQ(after(kind, {.tries = 1, .another_target = true, .interrupted = true}).where,
                  Where::next_target);
        EXPECT_EQ(after(kind, {.tries = 2, .interrupted = true}),
                  (NextTry{Where::same_target, 200ms}));
        EXPECT_EQ(after(kind, {.tries = 3, .interrupted = true}).where, Where::nowhere);
    }
    EXPECT_EQ(
        after(invalid_request, {.tries = 1, .another_target = true, .interrupted = true}).where,
        Where::nowhere);
}

TEST(NextTry, ATimeOutGoesOn) {
    EXPECT_EQ(after(upstream_timeout, {.tries = 1, .another_target = true}).where,
              Where::next_target);
    EXPECT_EQ(after(upstream_timeout, {.tries = 1}).where, Where::nowhere);
}

TEST(NextTry, WhatIsAboutTheKeyGoesToTheNextKey) {
    for (const ErrorKind kind : {authentication, permission, billing, rate_limit, not_found}) {
        EXPECT_EQ(after(kind, {.tries = 1, .another_key = true, .another_target = true}).where,
                  Where::next_key);
        EXPECT_EQ(after(kind, {.tries = 1, .another_target = true}).where, Where::next_target);
    }
    EXPECT_EQ(after(authentication, {.tries = 1}).where, Where::nowhere);
}

TEST(NextTry, ARateLimitIsWaitedForOnlyWithinTheCap) {
    EXPECT_EQ(after(rate_limit, {.tries = 1}, 1s), (NextTry{Where::same_target, 1000ms}));
    EXPECT_EQ(after(rate_limit, {.tries = 1}, 2s).where, Where::nowhere);
    EXPECT_EQ(after(rate_limit, {.tries = 1, .another_target = true}, 1s),
              (NextTry{Where::same_target, 1000ms}))
        << "a short time is waited for once before the fallback is asked";
    EXPECT_EQ(after(rate_limit, {.tries = 2, .another_target = true}, 1s).where,
              Where::next_target);
    EXPECT_EQ(after(rate_limit, {.tries = 1, .another_target = true}, 3s).where,
              Where::next_target);
    EXPECT_EQ(after(overloaded, {.tries = 1}), (NextTry{Where::same_target, 100ms}));
    EXPECT_EQ(after(overloaded, {.tries = 1, .another_target = true}).where, Where::next_target);
}

TEST(NextTry, WhatIsBrokenStaysBroken) {
    for (const ErrorKind kind : {invalid_request, client_gone})
        EXPECT_EQ(after(kind, {.tries = 1, .another_key = true, .another_target = true}).where,
                  Where::nowhere);
    EXPECT_EQ(after(context_overflow, {.tries = 1, .another_key = true}).where, Where::nowhere);
    EXPECT_EQ(after(context_overflow, {.tries = 1, .another_target = true}).where,
              Where::next_target);
}

TEST(NextTry, PausesAreSpreadAndCapped) {
    const Error error = make_error(upstream_unreachable, "x");
    config::RetrySettings patient = kRetry;
    patient.most = 9;
    EXPECT_EQ(next_try(error, {.tries = 1}, patient, 0.0).pause, 50ms);
    EXPECT_EQ(next_try(error, {.tries = 9}, patient, 0.0).pause, 500ms);
    EXPECT_EQ(next_try(error, {.tries = 9}, patient, 1.0).pause, 1000ms);
}

TEST(NextTry, AProvidersSettingsComeFirst) {
    config::Config config;
    config.retry = kRetry;
    config::Provider provider;
    provider.retry.most = 0;
    const auto effective = effective_retry(provider, config);
    EXPECT_EQ(effective.most, 0);
    EXPECT_EQ(effective.base, 100ms);
}

}  // namespace
}  // namespace ccr::route
