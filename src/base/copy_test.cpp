#include "base/copy.h"

#include <gtest/gtest.h>

namespace ccr {
namespace {

TEST(Copy, AppendsRunsOfAnyLength) {
    std::string pattern(3 * kCopyPiece + 7, ' ');
    for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = static_cast<char>('a' + i % 23);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kCopyPiece - 1, kCopyPiece,
                                   kCopyPiece + 1, 2 * kCopyPiece, pattern.size()}) {
        std::string out = "before ";
        for (int i = 0; i < 3; ++i) append_bytes(out, std::string_view(pattern).substr(0, size));
        const std::string piece = pattern.substr(0, size);
        EXPECT_EQ(out, "before " + piece + piece + piece);
    }
}

}  // namespace
}  // namespace ccr
