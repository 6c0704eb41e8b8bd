#include "net/aws_event_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/aws_frame_fixture.h"

namespace ccr::net {
namespace {

using fixture::big_endian;
using fixture::event_frame;
using fixture::exception_frame;
using fixture::framed;
using fixture::text_header;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Lines = std::vector<std::string>;

std::string line_of(const AwsMessage& m) {
    std::string out = std::string(m.message_type) + "|" + std::string(m.event_type);
    out += std::string(m.exception_type) + std::string(m.error_code) + "|";
    return out + std::string(m.payload);
}

/// What comes of `bytes` fed `step` at a time, and whether they could be read.
std::pair<Lines, bool> read(std::string_view bytes, std::size_t step) {
    AwsEventStream stream;
    Lines lines;
    bool good = true;
    for (std::size_t at = 0; at < bytes.size() && good; at += step)
        good = stream.feed(bytes.substr(at, step),
                           [&](const AwsMessage& m) { lines.push_back(line_of(m)); });
    return {lines, good};
}

std::string why(std::string_view bytes) {
    AwsEventStream stream;
    EXPECT_FALSE(stream.feed(bytes, [](const AwsMessage&) {}));
    EXPECT_FALSE(stream.feed(event_frame("chunk", "{}"), [](const AwsMessage&) {
        ADD_FAILURE() << "delivered after the stream was given up";
    }));
    return std::string(stream.problem());
}

TEST(AwsEventStream, TheChecksumIsThatOfTheStandard) {
    EXPECT_EQ(crc32("123456789"), 0xCBF43926u);
    EXPECT_EQ(crc32(""), 0u);
}

// The example of the format's own description and of its implementations' tests: no headers, no
// payload, 16 bytes.
TEST(AwsEventStream, TheSmallestMessage) {
    const std::string bytes("\x00\x00\x00\x10\x00\x00\x00\x00\x05\xc2\x48\xeb\x7d\x98\xc8\xff", 16);
    EXPECT_EQ(framed("", ""), bytes);
    EXPECT_EQ(read(bytes, 16), (std::pair{Lines{"||"}, true}));
}

TEST(AwsEventStream, AnySplitGivesTheSame) {
    const std::string all = event_frame("chunk", R"({"bytes":"eA=="})") + event_frame("chunk", "") +
                            exception_frame("throttlingException", R"({"message":"slow"})");
    const Lines whole = read(all, all.size()).first;
    EXPECT_THAT(whole, ElementsAre(R"(event|chunk|{"bytes":"eA=="})", "event|chunk|",
                                   R"(exception|throttlingException|{"message":"slow"})"));
    for (std::size_t step = 1; step < all.size(); ++step)
        EXPECT_EQ(read(all, step), (std::pair{whole, true})) << "step " << step;
}

TEST(AwsEventStream, HeadersOfEveryTypeArePassedOver) {
    const auto header = [](std::string_view name, char type, std::string_view value) {
        return big_endian(static_cast<std::uint32_t>(name.size()), 1) + std::string(name) + type +
               std::string(value);
    };
    const std::string headers =
        header("a", 0, "") + header("b", 1, "") + header("c", 2, "x") + header("d", 3, "xx") +
        header("e", 4, "xxxx") + header("f", 5, "xxxxxxxx") +
        header("g", 6, big_endian(2, 2) + "yy") + header("h", 8, "xxxxxxxx") +
        header("i", 9, "xxxxxxxxxxxxxxxx") + text_header(":message-type", "error") +
        text_header(":error-code", "E");
    EXPECT_THAT(read(framed(headers, "p"), 5).first, ElementsAre("error|E|p"));
}

TEST(AwsEventStream, EveryDamagedByteIsNoticed) {
    const std::string good = event_frame("chunk", "payload");
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x10);
        const auto [lines, readable] = read(bad, bad.size());
        EXPECT_FALSE(readable) << "byte " << at;
        EXPECT_THAT(lines, IsEmpty()) << "byte " << at;
    }
}

std::string prelude(std::uint32_t size, std::uint32_t headers) {
    const std::string lengths = big_endian(size, 4) + big_endian(headers, 4);
    return lengths + big_endian(crc32(lengths), 4);
}

TEST(AwsEventStream, ImpossibleLengthsAreRefusedAtOnce) {
    EXPECT_THAT(why(prelude(0xFFFFFFFF, 0)), HasSubstr("impossible lengths"));
    EXPECT_THAT(why(prelude(12, 0)), HasSubstr("impossible lengths"));
    EXPECT_THAT(why(prelude(100, 99)), HasSubstr("impossible lengths"));
    EXPECT_THAT(why(prelude(1u << 20, 200u << 10)), HasSubstr("impossible lengths"));
    EXPECT_THAT(why(std::string(12, 'x')), HasSubstr("prelude"));
}

TEST(AwsEventStream, HeadersThatRunOverTheirEndAreRefused) {
    for (const std::string& headers :
         {std::string("\x05"), std::string("\x01") + "a\x07", std::string("\x01") + "a\x0c",
          std::string("\x01") + "a\x07" + big_endian(9, 2) + "short"})
        EXPECT_THAT(why(framed(headers, "p")), HasSubstr("headers"));
}

TEST(AwsEventStream, AMessageCutShortIsPending) {
    AwsEventStream stream;
    const std::string frame = event_frame("chunk", "x");
    EXPECT_TRUE(stream.feed(frame.substr(0, frame.size() - 1), [](const AwsMessage&) {
        ADD_FAILURE() << "delivered before its last byte";
    }));
    EXPECT_TRUE(stream.pending());
}

}  // namespace
}  // namespace ccr::net
