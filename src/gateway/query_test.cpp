#include "gateway/query.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

TEST(Query, ValuesByTheirExactName) {
    EXPECT_EQ(query_value("alt=sse&key=a%2Bb", "key"), "a+b");
    EXPECT_EQ(query_value("key=one&key=two", "key"), "one");
    EXPECT_EQ(query_value("key", "key"), "");
    EXPECT_EQ(query_value("key=a=b", "key"), "a=b");
    EXPECT_FALSE(query_value("monkey=1&KEY=2&keys=3", "key"));
    EXPECT_FALSE(query_value("", "key"));
}

}  // namespace
}  // namespace ccr::gateway
