#include "net/inflater.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace ccr::net {
namespace {

std::string packed(const std::string& text, int window) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(text.size() + 1000, '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

TEST(Inflater, DecodesInAnyPieces) {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "line " + std::to_string(i) + "\n";
    for (const int window : {MAX_WBITS, MAX_WBITS + 16}) {
        const std::string body = packed(text, window);
        for (const std::size_t step : {std::size_t{1}, std::size_t{7}, body.size()}) {
            Inflater inflater;
            std::string out;
            for (std::size_t at = 0; at < body.size(); at += step) {
                inflater.give(std::string_view(body).substr(at, step));
                for (auto piece = inflater.take(); piece && !piece->empty();
                     piece = inflater.take())
                    out += *piece;
            }
            EXPECT_TRUE(inflater.ended());
            EXPECT_TRUE(out == text);
        }
    }
}

TEST(Inflater, GivesBoundedPiecesOfWhatGrows) {
    const std::string body = packed(std::string(50u << 20, 'x'), MAX_WBITS + 16);
    Inflater inflater;
    inflater.give(body);
    std::size_t size = 0;
    for (auto piece = inflater.take(); piece && !piece->empty(); piece = inflater.take()) {
        EXPECT_LE(piece->size(), Inflater::kPiece);
        size += piece->size();
    }
    EXPECT_EQ(size, 50u << 20);
}

TEST(Inflater, RefusesGarbage) {
    Inflater inflater;
    inflater.give("no gzip at all");
    EXPECT_FALSE(inflater.take());
}

}  // namespace
}  // namespace ccr::net
