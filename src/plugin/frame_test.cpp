#include "plugin/frame.h"

#include <gmock/gmock.h>

#include <cstring>
#include <vector>

namespace ccr::plugin {
namespace {

using testing::ElementsAre;

/// "C7 head|body" of every frame in `bytes`, which arrive in pieces of `size`.
std::vector<std::string> read(std::string_view bytes, std::size_t size) {
    FrameReader reader;
    std::vector<std::string> out;
    for (std::size_t at = 0; at < bytes.size(); at += size) {
        const std::string_view piece = bytes.substr(at, size);
        std::memcpy(reader.room(size + 100), piece.data(), piece.size());
        reader.filled(piece.size());
        while (const auto frame = reader.next()) {
            out.push_back(std::string(1, static_cast<char>(frame->kind)) +
                          std::to_string(frame->call) + " " + std::string(frame->head) + "|" +
                          std::string(frame->body));
        }
    }
    if (reader.broken()) out.emplace_back("broken");
    return out;
}

TEST(Frame, ComesOutWholeHoweverItIsCut) {
    std::string bytes;
    append_frame(bytes, {FrameKind::call, 7, R"({"do":"x"})", "body"});
    append_frame(bytes, {FrameKind::hello, 0, {}, {}});
    const std::string large(70'000, 'b');
    append_frame(bytes, {FrameKind::data, 0x01020304, {}, large});
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{5}, std::size_t{13}, std::size_t{4096}, bytes.size()}) {
        EXPECT_THAT(read(bytes, size),
                    ElementsAre(R"(C7 {"do":"x"}|body)", "H0 |", "D16909060 |" + large))
            << size;
    }
}

TEST(Frame, LengthsThatContradictEachOtherAreNoFrame) {
    std::string head_over_length;
    append_frame(head_over_length, {FrameKind::result, 1, "{}", {}});
    head_over_length[9] = 100;
    EXPECT_THAT(read(head_over_length, 64), ElementsAre("broken"));
    EXPECT_THAT(read(std::string("\x01\0\0\0Rabcdefgh", 13), 64), ElementsAre("broken"));
    EXPECT_THAT(read(std::string(13, '\xff'), 64), ElementsAre("broken"));
}

}  // namespace
}  // namespace ccr::plugin
