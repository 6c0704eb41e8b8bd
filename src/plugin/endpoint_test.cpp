#include "plugin/endpoint.h"

#include <gtest/gtest.h>

namespace ccr::plugin {
namespace {

TEST(Endpoint, ServesItsPathAndNoOther) {
    const Endpoint plain{"x", "/own/chat"};
    EXPECT_TRUE(serves(plain, "/own/chat"));
    for (const char* other :
         {"/own/chat/", "/own", "/own/chat/more", "/own//chat", "/", "", "own/chat"})
        EXPECT_FALSE(serves(plain, other)) << other;
}

TEST(Endpoint, ANamedSegmentStandsForAnyOne) {
    const Endpoint named{"x", "/own/:room/chat"};
    EXPECT_TRUE(serves(named, "/own/kitchen/chat"));
    EXPECT_TRUE(serves(named, "/own/%2F/chat"));
    for (const char* other : {"/own//chat", "/own/chat", "/own/a/b/chat", "/own/a/chat/b"})
        EXPECT_FALSE(serves(named, other)) << other;
    EXPECT_TRUE(serves({"x", "/:any"}, "/models"));
    EXPECT_FALSE(serves({"x", "/:any"}, "/"));
}

TEST(Endpoint, OneWithoutASlashServesNothing) {
    EXPECT_FALSE(serves({"x", "own"}, "/own"));
    EXPECT_FALSE(serves({"x", ""}, "/"));
}

}  // namespace
}  // namespace ccr::plugin
