#include "net/chunk_decoder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ccr::net {
namespace {

struct Decoded {
    std::string data;
    std::size_t consumed = 0;
    bool done = false;
    bool failed = false;
};

/// Feeds `piece` bytes at a time, or with `cut` > 0 two pieces cut there.
Decoded decode(std::string_view bytes, std::size_t piece, std::size_t cut = 0) {
    ChunkDecoder decoder;
    Decoded result;
    while (!bytes.empty() && !decoder.done()) {
        const std::size_t size = cut > 0 && result.consumed < cut ? cut - result.consumed : piece;
        const auto step = decoder.next(bytes.substr(0, size));
        if (!step) {
            result.failed = true;
            EXPECT_EQ(step.error().kind, ErrorKind::invalid_request);
            return result;
        }
        EXPECT_GT(step->consumed, 0u);
        result.data += step->data;
        result.consumed += step->consumed;
        bytes.remove_prefix(step->consumed);
    }
    result.done = decoder.done();
    return result;
}

constexpr std::string_view kBody =
    "5\r\nhello\r\n1;name=value;flag\r\n,\r\nB\r\n world and \r\n00b\r\n0\r\n\r\n5\r\nend\r\n0\r\n"
    "X-Trailer: dropped\r\nY: z\r\n\r\n";

TEST(ChunkDecoder, EverySplitGivesTheSameBody) {
    const std::string rest = "GET / HTTP/1.1\r\n";
    const std::string bytes = std::string(kBody) + rest;
    const std::string expected = "hello, world and 0\r\n\r\n5\r\nend";
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
        const Decoded got = decode(bytes, piece);
        EXPECT_TRUE(got.done);
        EXPECT_EQ(got.data, expected);
        EXPECT_EQ(got.consumed, kBody.size());
    }
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        const Decoded got = decode(bytes, bytes.size(), cut);
        EXPECT_TRUE(got.done);
        EXPECT_EQ(got.data, expected);
    }
}

TEST(ChunkDecoder, NoProperPrefixIsDoneOrBroken) {
    for (std::size_t size = 0; size < kBody.size(); ++size) {
        const Decoded got = decode(kBody.substr(0, size), size);
        EXPECT_FALSE(got.done) << size;
        EXPECT_FALSE(got.failed) << size;
    }
}

TEST(ChunkDecoder, WhatTwoReadersCouldTakeDifferentlyIsRefused) {
    const std::vector<std::string> broken = {"\r\n",
                                             "g\r\n",
                                             "0x5\r\nhello\r\n",
                                             "+5\r\nhello\r\n",
                                             "-1\r\n",
                                             " 5\r\nhello\r\n",
                                             "5 \r\nhello\r\n",
                                             "5\nhello\r\n",
                                             "5\rhello\r\n",
                                             "5\r\nhelloo\r\n",
                                             "5\r\nhello\n",
                                             "5\r\nhello\rX",
                                             "5\r\nhello0\r\n\r\n",
                                             "1000000000000000\r\n",
                                             "ffffffffffffffffff\r\n",
                                             "5;a\nb\r\nhello\r\n",
                                             "5;a\r\r\nhello",
                                             std::string("5;\0\r\nhello", 10),
                                             "0\r\nA: b\nC: d\r\n\r\n",
                                             "0\r\n folded\r\n\r\n",
                                             "0\r\n\rX",
                                             "0\r\nA: b\r\r\n\r\n",
                                             "0\r\n\n"};
    for (const std::string& bytes : broken) {
        for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
            EXPECT_TRUE(decode(bytes, piece).failed)
                << testing::PrintToString(bytes) << " by " << piece;
        }
    }
}

TEST(ChunkDecoder, ExtensionsAndTrailersAreBounded) {
    EXPECT_TRUE(decode("5;" + std::string(20'000, 'x') + "\r\n", 4096).failed);
    EXPECT_TRUE(decode("0\r\nA:" + std::string(20'000, 'x') + "\r\n", 4096).failed);
    std::string many;
    for (int i = 0; i < 3000; ++i) many += "1;ext=abc\r\nx\r\n";
    EXPECT_TRUE(decode(many, 4096).failed);
}

TEST(ChunkDecoder, DataMayBeTakenPastIt) {
    ChunkDecoder decoder;
    const auto step = decoder.next("a\r\nabc");
    ASSERT_TRUE(step);
    EXPECT_EQ(step->data, "abc");
    ASSERT_EQ(decoder.pending(), 7u);
    decoder.skip(7);
    EXPECT_EQ(decoder.pending(), 0u);
    ASSERT_TRUE(decoder.next("\r\n0\r\n\r\n"));
    EXPECT_TRUE(decoder.done());
}

}  // namespace
}  // namespace ccr::net
