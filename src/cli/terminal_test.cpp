#include "cli/terminal.h"

#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

TEST(Printable, ShowsWhatWouldHide) {
    EXPECT_EQ(printable("a\x1b[2K\r\xc2\x9b\x7f\n"), "a\\u001b[2K\\u000d\\u009b\\u007f\\u000a");
    EXPECT_EQ(printable("größer 你好"), "größer 你好");
    EXPECT_EQ(printable("\xff"), "\xef\xbf\xbd");
}

TEST(Plain, HasNoControlCharacters) {
    EXPECT_EQ(plain("a\x1b[2K\xc2\x9b"
                    "1m\x7f"),
              "a [2K 1m ");
    EXPECT_EQ(plain("größer é 你好"), "größer é 你好");
}

}  // namespace
}  // namespace ccr::cli
