#include "net/headers.h"

#include <gtest/gtest.h>

namespace ccr::net {
namespace {

TEST(Headers, NamesAreComparedWithoutCase) {
    Headers headers{{"Content-Type", "a"}, {"X-Key", "1"}, {"x-key", "2"}};
    EXPECT_EQ(headers.get("content-TYPE"), "a");
    EXPECT_EQ(headers.get("X-KEY"), "1");
    EXPECT_EQ(headers.count("x-Key"), 2u);
    EXPECT_FALSE(headers.get("x-ke"));
    EXPECT_FALSE(iequals("a[", "A{"));  // 0x20 apart, but no letters
}

TEST(Headers, SetReplacesEveryFieldOfTheNameWhereTheFirstWas) {
    Headers headers{{"a", "1"}, {"b", "2"}, {"A", "3"}};
    headers.set("A", "4");
    ASSERT_EQ(headers.count("a"), 1u);
    EXPECT_EQ(headers.begin()->second, "4");
    headers.set("c", "5");
    EXPECT_EQ(headers.get("C"), "5");
}

TEST(Headers, RemoveTakesAllOfTheName) {
    Headers headers{{"a", "1"}, {"b", "2"}, {"A", "3"}};
    headers.remove("a");
    EXPECT_EQ(headers.count("a"), 0u);
    EXPECT_EQ(headers.get("b"), "2");
}

}  // namespace
}  // namespace ccr::net
