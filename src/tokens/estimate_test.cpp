#include "tokens/estimate.h"

#include <gtest/gtest.h>

namespace ccr::tokens {
namespace {

using json::Text;

chat::Conversation with(chat::Part part) {
    chat::Conversation c;
    chat::Turn turn;
    turn.parts.push_back(std::move(part));
    c.turns.push_back(std::move(turn));
    return c;
}

TEST(EstimateText, CountsCharactersNotBytes) {
    EXPECT_EQ(estimate_text(""), 0);
    EXPECT_EQ(estimate_text("a"), 1);
    EXPECT_EQ(estimate_text("abcdefgh"), 2);
    EXPECT_EQ(estimate_text("你好世界"), 4);
    EXPECT_EQ(estimate_text("🚂🚂"), 2);
    EXPECT_EQ(estimate_text("abcd你"), 2);
}

// Text is looked at in blocks, so a character may stand on either side of every edge, or on it.
TEST(EstimateText, CountsACharacterWhereverItStands) {
    for (std::size_t length = 0; length < 200; ++length) {
        for (const std::string_view character : {"é", "你", "🚂"}) {
            const std::string before(length, 'x');
            const std::string text = before + std::string(character) + "xyz";
            EXPECT_EQ(estimate_text(text), static_cast<std::int64_t>(length + 3 + 3) / 4 + 1)
                << length;
        }
    }
    std::string wide;
    for (int i = 0; i < 300; ++i) wide += "你";
    EXPECT_EQ(estimate_text(wide), 300);
}

TEST(EstimateText, GrowsWithTheText) {
    std::string text;
    std::int64_t last = 0;
    for (int i = 0; i < 500; ++i) {
        text += i % 3 == 0 ? "é" : "word ";
        EXPECT_GE(estimate_text(text), last);
        last = estimate_text(text);
    }
    EXPECT_GT(last, 400);
}

// English at 4.7 letters a word comes to about 1.3 tokens a word.
TEST(EstimateText, IsWithinAFifthForEnglish) {
    std::string text;
    for (int i = 0; i < 300; ++i)
        text += "The router reads the request once and keeps the bytes that it does not need. ";
    const double real = 300 * 16.0;  // counted with a tokenizer
    EXPECT_NEAR(static_cast<double>(estimate_text(text)), real, real * 0.25);
}

TEST(Estimate, MediaCountAsMuchWhateverTheirBytes) {
    const auto media = [](chat::MediaKind kind, chat::MediaSource source, Text data) {
        chat::Part part;
        part.body = chat::Media{kind, source, {}, data, {}};
        return estimate(with(std::move(part)));
    };
    const std::string large(1'000'000, 'A');
    const auto image =
        media(chat::MediaKind::image, chat::MediaSource::base64, Text::from_escaped(large));
    EXPECT_EQ(image, media(chat::MediaKind::image, chat::MediaSource::url,
                           Text::literal("https://e.org")));
    EXPECT_LT(image, 2000);
    EXPECT_EQ(
        media(chat::MediaKind::document, chat::MediaSource::plain_text, Text::from_escaped(large)),
        250'004);
    EXPECT_GT(
        media(chat::MediaKind::document, chat::MediaSource::base64, Text::from_escaped(large)),
        image);
}

TEST(Estimate, EveryPlaceForTextCounts) {
    const std::string text(4000, 'x');
    const Text long_text = Text::from_escaped(text);
    const auto counted = [](chat::Part part) { return estimate(with(std::move(part))); };
    chat::Part prose, call, result, thought, inner;
    prose.body = chat::Prose{long_text};
    call.body = chat::ToolCall{{}, {}, text};
    inner.body = chat::Prose{long_text};
    result.body = chat::ToolResult{{}, {inner}, false};
    thought.body = chat::Reasoning{
        .text = long_text, .seal = {}, .redacted = false, .from = {}, .details = {}};
    for (const chat::Part& part : {prose, call, result, thought})
        EXPECT_NEAR(static_cast<double>(counted(part)), 1004, 8);
    chat::Conversation c;
    chat::Tool tool;
    tool.description = long_text;
    tool.schema = text;
    c.tools.push_back(std::move(tool));
    EXPECT_EQ(estimate(c), 2004);
    EXPECT_EQ(estimate(chat::Conversation()), 0);
}

}  // namespace
}  // namespace ccr::tokens
