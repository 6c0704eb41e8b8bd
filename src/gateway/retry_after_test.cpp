#include "gateway/retry_after.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

using std::chrono::seconds;

constexpr std::chrono::sys_seconds kNow{seconds(784111777)};  // Sun, 06 Nov 1994 08:49:37 GMT

std::optional<seconds> named(const char* value, const char* date = nullptr) {
    net::Headers headers;
    headers.add("retry-after", value);
    if (date) headers.add("date", date);
    return retry_after_of(headers, kNow);
}

TEST(RetryAfter, SecondsAndDates) {
    EXPECT_EQ(named("7"), seconds(7));
    EXPECT_EQ(named("Sun, 06 Nov 1994 08:50:07 GMT"), seconds(30));
    EXPECT_EQ(named("Mon, 07 Nov 1994 08:49:37 GMT"), seconds(86400));
    EXPECT_EQ(named("Sun, 06 Nov 1994 08:00:00 GMT"), seconds(0)) << "it has passed";
}

TEST(RetryAfter, ADateCountsByTheProvidersClock) {
    EXPECT_EQ(named("Tue, 08 Nov 1994 00:00:05 GMT", "Tue, 08 Nov 1994 00:00:00 GMT"), seconds(5));
}

TEST(RetryAfter, AnythingElseIsNone) {
    for (const char* value : {"", "soon", "-3", "7.5", "Sun, 31 Feb 1994 08:49:37 GMT",
                              "Sun, 06 Nix 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET"})
        EXPECT_FALSE(named(value)) << value;
    EXPECT_FALSE(retry_after_of({}, kNow));
}

}  // namespace
}  // namespace ccr::gateway
