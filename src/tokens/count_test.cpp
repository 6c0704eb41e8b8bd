#include "tokens/count.h"

#include <gtest/gtest.h>

#include "tokens/choose.h"

namespace ccr::tokens {
namespace {

using chat::Part;
using json::Text;

Part prose(std::string_view escaped) {
    Part part;
    part.body = chat::Prose{Text::from_escaped(escaped)};
    return part;
}

chat::Conversation with(std::vector<Part> parts) {
    chat::Conversation conversation;
    chat::Turn turn;
    turn.parts = std::move(parts);
    conversation.turns.push_back(std::move(turn));
    return conversation;
}

const Counter& counter() {
    static const Counter kCounter(encoding_of_model("gpt-4o"), "gpt-4o");
    return kCounter;
}

std::int64_t beyond_empty(Part part) {
    return counter().count(with({std::move(part)})) - counter().count(with({}));
}

TEST(Counter, CountsEscapedTextAsWhatItStandsFor) {
    EXPECT_EQ(beyond_empty(prose(R"(line\n\tindented \"quoted\" caf\u00e9, long enough)")),
              counter().count_text("line\n\tindented \"quoted\" café, long enough"));
    EXPECT_EQ(beyond_empty(prose("short")), 1);
}

TEST(Counter, GivesTheSameFromTheCache) {
    const std::string text = "the same words, time and again, from one request to the next";
    const std::int64_t first = beyond_empty(prose(text));
    EXPECT_EQ(first, counter().count_text(text));
    EXPECT_EQ(beyond_empty(prose(text)), first);
    const Counter other(encoding_of_model("gpt-4"), "gpt-4");
    EXPECT_EQ(other.count(with({prose(text)})) - other.count(with({})), other.count_text(text));
}

TEST(Counter, EveryPlaceForTextCounts) {
    const std::string text(400, 'x');
    const std::int64_t tokens = counter().count_text(text);
    const Text long_text = Text::from_escaped(text);
    Part call, result, thought, opaque, document;
    call.body = chat::ToolCall{{}, {}, text};
    result.body = chat::ToolResult{{}, {prose(text)}, false};
    thought.body = chat::Reasoning{
        .text = long_text, .seal = {}, .redacted = false, .from = {}, .details = {}};
    opaque.body = chat::Opaque{Protocol::anthropic, {}, text, {}};
    document.body =
        chat::Media{chat::MediaKind::document, chat::MediaSource::plain_text, {}, long_text, {}};
    for (const Part& part : {call, result, thought, opaque, document}) {
        EXPECT_GE(beyond_empty(part), tokens);
        EXPECT_LE(beyond_empty(part), tokens + 10);
    }
    chat::Conversation tools;
    chat::Tool tool;
    tool.description = long_text;
    tool.schema = text;
    tools.tools.push_back(std::move(tool));
    EXPECT_GE(counter().count(tools), 2 * tokens);
}

TEST(Counter, PicturesCountByTheirSizeNotTheirBytes) {
    constexpr std::string_view kPng = "iVBORw0KGgoAAAANSUhEUgAABAAAAAQACAYAAAAA";  // 1024 by 1024
    Part picture;
    picture.body = chat::Media{
        chat::MediaKind::image, chat::MediaSource::base64, {}, Text::from_escaped(kPng), {}};
    EXPECT_EQ(beyond_empty(picture), 765);
}

TEST(Counter, BlocksAndTheirSum) {
    chat::Conversation conversation = with({prose("one two three"), prose("four")});
    conversation.tools.emplace_back();
    std::vector<BlockCount> blocks;
    const std::int64_t total = counter().count(conversation, blocks);
    ASSERT_EQ(blocks.size(), 3u);
    EXPECT_EQ(blocks[1].where, "turns[0].parts[1]");
    EXPECT_EQ(blocks[1].kind, "text");
    EXPECT_EQ(blocks[1].tokens, 1);
    EXPECT_EQ(blocks[2].where, "tools[0]");
    EXPECT_EQ(total, counter().count(conversation));
    EXPECT_GT(total, blocks[0].tokens + blocks[1].tokens + blocks[2].tokens);
}

TEST(MostTokens, IsNeverLessThanTheCount) {
    for (const char* text : {"", "a", "\xF0\x9F\xAB\xA0\xF0\x9F\xAB\xA0", "1 2 3 4 5 6 7 8"}) {
        const chat::Conversation conversation = with({prose(text)});
        EXPECT_GE(most_tokens(conversation), counter().count(conversation)) << text;
    }
}

TEST(Choice, GoesByTheNameWhereNothingIsConfigured) {
    EXPECT_EQ(choose_counter(nullptr, "gpt-4-turbo").counter->encoding_name(), "cl100k_base");
    EXPECT_EQ(choose_counter(nullptr, "gpt-3.5-turbo").counter->encoding_name(), "cl100k_base");
    for (const char* model : {"gpt-4o", "gpt-4.1-mini", "gpt-5.5", "o3", "claude-opus-5", "glm-5"})
        EXPECT_EQ(choose_counter(nullptr, model).counter->encoding_name(), "o200k_base") << model;
}

TEST(Choice, TheModelsOwnTokenizerBeatsTheProviders) {
    config::Provider provider;
    provider.tokenizers = {{"", "cl100k_base"}, {"m", "o200k_base"}};
    EXPECT_EQ(choose_counter(&provider, "m").counter->encoding_name(), "o200k_base");
    EXPECT_EQ(choose_counter(&provider, "other").counter->encoding_name(), "cl100k_base");
}

TEST(Choice, AFileThatIsNotThereGivesWayToTheName) {
    config::Provider provider;
    provider.tokenizers = {{"", "/nowhere/tokenizer.json"}};
    const Choice choice = choose_counter(&provider, "gpt-4");
    EXPECT_EQ(choice.counter->encoding_name(), "cl100k_base");
    EXPECT_NE(choice.why.find("/nowhere/tokenizer.json"), std::string::npos);
    EXPECT_FALSE(encoding_named("p50k_base"));
}

}  // namespace
}  // namespace ccr::tokens
