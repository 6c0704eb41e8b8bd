#include "tokens/image_size.h"

#include <gtest/gtest.h>

#include <string>

#include "base/base64.h"

namespace ccr::tokens {
namespace {

using namespace std::string_literals;

void expect_size(const std::string& bytes, std::uint32_t width, std::uint32_t height) {
    const auto size = size_of_image_bytes(bytes);
    ASSERT_TRUE(size);
    EXPECT_EQ(size->width, width);
    EXPECT_EQ(size->height, height);
    const auto same = size_of_image(base64url_encode(bytes));
    ASSERT_TRUE(same);
    EXPECT_EQ(same->width, width);
}

TEST(ImageSize, OfEveryFormat) {
    expect_size("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x03\x20\0\0\x02\x58\x08\x06\0\0\0"s, 800, 600);
    expect_size("GIF89a\x20\x03\x58\x02\xF7\0\0"s, 800, 600);
    expect_size("RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\x01\0\x9D\x01\x2A\x20\x03\x58\x02\0\0"s, 800,
                600);
    expect_size("RIFF\x24\0\0\0WEBPVP8L\x18\0\0\0\x2F\x1F\xC3\x95\x00\0\0\0\0\0\0"s, 800, 600);
    expect_size("RIFF\x24\0\0\0WEBPVP8X\x0A\0\0\0\x10\0\0\0\x1F\x03\0\x57\x02\0\0\0"s, 800, 600);
}

TEST(ImageSize, OfJpegBehindItsMetadata) {
    const std::string frame = "\xFF\xC2\0\x11\x08\x02\x58\x03\x20\x03\x01\x22\0\x02"s;
    const std::string table = "\xFF\xC4\0\x04\0\0"s;
    expect_size("\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x48\0\x48\0\0"s + table + frame, 800,
                600);
    const std::string metadata = "\xFF\xE1\xF0\0"s + std::string(0xF000 - 2, 'x');
    expect_size("\xFF\xD8"s + metadata + metadata + frame, 800, 600);
}

TEST(ImageSize, IsUnknownForWhatIsCutShortOrNoPicture) {
    for (const std::string& bytes :
         {""s, "hello"s, "\x89PNG\r\n\x1A\n\0\0"s, "\xFF\xD8\xFF"s, "RIFF"s, "GIF89a"s,
          "RIFF\x24\0\0\0WEBPVP8Q\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"s})
        EXPECT_FALSE(size_of_image_bytes(bytes));
    EXPECT_FALSE(size_of_image("!!!"));
}

}  // namespace
}  // namespace ccr::tokens
