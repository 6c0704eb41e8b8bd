#include "cli/curses_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

using testing::ElementsAre;

constexpr int kDown = 0402, kUp = 0403, kBack = 0407;  // KEY_DOWN and others, curses.h

bool type(Picker& picker, std::string_view keys) {
    bool goes_on = true;
    for (const char key : keys) goes_on = picker.take(key);
    return goes_on;
}

TEST(Picker, IsNarrowedByWhatIsTyped) {
    Picker picker("", {"a,one", "a,two", "b,two"});
    EXPECT_TRUE(type(picker, "two"));
    EXPECT_THAT(picker.shown(), ElementsAre("a,two", "b,two"));
    EXPECT_TRUE(picker.take(kDown));
    EXPECT_TRUE(picker.take(kDown));  // the last one stays
    EXPECT_FALSE(picker.take('\r'));
    EXPECT_EQ(picker.chosen(), "b,two");
}

TEST(Picker, GoesBackWithoutAChoice) {
    Picker picker("", {"a", "b"});
    EXPECT_TRUE(picker.take(kUp));
    EXPECT_TRUE(type(picker, "zz"));
    EXPECT_TRUE(picker.take('\n'));  // nothing to choose
    EXPECT_TRUE(picker.take(kBack));
    EXPECT_TRUE(picker.take(127));
    EXPECT_EQ(picker.shown().size(), 2u);
    EXPECT_FALSE(picker.take(27));
    EXPECT_EQ(picker.chosen(), "");
}

}  // namespace
}  // namespace ccr::cli
