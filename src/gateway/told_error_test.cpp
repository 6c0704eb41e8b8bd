#include "gateway/told_error.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

using std::chrono::seconds;

Error named(ErrorKind kind, std::string name, std::optional<seconds> retry_after = std::nullopt) {
    Error error = make_error(kind, std::move(name));
    error.retry_after = retry_after;
    return error;
}

TEST(ToldError, TheAskedTargetsComesBeforeAFallbacks) {
    ToldError told;
    told.hear(named(ErrorKind::upstream_failure, "asked"), true);
    told.hear(named(ErrorKind::upstream_failure, "fallback"), false);
    EXPECT_EQ(told.take().message, "asked");
}

TEST(ToldError, WhatIsWorthARetryComesFirst) {
    ToldError told;
    told.hear(named(ErrorKind::upstream_failure, "asked"), true);
    told.hear(named(ErrorKind::overloaded, "busy"), false);
    told.hear(named(ErrorKind::upstream_failure, "asked again"), true);
    EXPECT_EQ(told.take().message, "busy");
}

TEST(ToldError, OfTwoAlikeItIsTheLastAndTheSoonerTime) {
    ToldError told;
    told.hear(named(ErrorKind::rate_limit, "one", seconds(5)), true);
    told.hear(named(ErrorKind::rate_limit, "two", seconds(60)), true);
    const Error error = told.take();
    EXPECT_EQ(error.message, "two");
    EXPECT_EQ(error.retry_after, seconds(5));
}

}  // namespace
}  // namespace ccr::gateway
