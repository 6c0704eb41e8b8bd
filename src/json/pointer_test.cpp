#include "json/pointer.h"

#include <gtest/gtest.h>

namespace ccr::json {
namespace {

TEST(Pointer, EscapesItsTwoCharacters) {
    EXPECT_EQ(pointer_to("a"), "/a");
    EXPECT_EQ(pointer_to(""), "/");
    EXPECT_EQ(pointer_to("a/b~c~1"), "/a~1b~0c~01");
}

TEST(Pointer, GrowsByOneMember) {
    std::string pointer = "/tools/0";
    add_pointer_token(pointer, "x/y");
    EXPECT_EQ(pointer, "/tools/0/x~1y");
}

}  // namespace
}  // namespace ccr::json
