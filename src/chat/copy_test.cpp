#include "chat/copy.h"

#include <gtest/gtest.h>

namespace ccr::chat {
namespace {

Conversation full() {
    Conversation c;
    c.model = Text::literal("m");
    Turn& turn = c.turns.emplace_back();
    turn.parts.emplace_back().body = Prose{Text::literal("t")};
    c.tools.emplace_back().name = Text::literal("Read");
    c.tool_choice = ToolChoice{ToolMode::required, {}, true};
    c.sampling.max_tokens = 7;
    c.thinking = Thinking{Thinking::Mode::budget, 1024, {}};
    c.effort = Effort::high;
    c.format = AnswerFormat{true, "{}", Text::literal("n"), true};
    c.verbosity = Text::literal("low");
    c.user_id = Text::literal("u");
    c.stream = true;
    c.extras = {Protocol::openai_chat, {{Text::literal("seed"), "1"}}};
    c.source_bytes = 99;
    return c;
}

void expect_the_settings(const Conversation& c) {
    EXPECT_EQ(c.model.decode(), "m");
    EXPECT_EQ(c.tool_choice->mode, ToolMode::required);
    EXPECT_EQ(c.sampling.max_tokens, 7);
    EXPECT_EQ(c.thinking->budget_tokens, 1024);
    EXPECT_EQ(c.effort, Effort::high);
    EXPECT_EQ(c.format->schema, "{}");
    EXPECT_EQ(c.verbosity.decode(), "low");
    EXPECT_EQ(c.user_id.decode(), "u");
    EXPECT_TRUE(c.stream);
    EXPECT_EQ(c.extras.from, Protocol::openai_chat);
    EXPECT_EQ(c.extras.members.size(), 1u);
    EXPECT_EQ(c.source_bytes, 99u);
}

TEST(Copy, HasAllButWhatIsMadeLater) {
    const Conversation original = full();
    Conversation copy = copy_of(original);
    expect_the_settings(copy);
    ASSERT_EQ(copy.turns.size(), 1u);
    ASSERT_EQ(copy.tools.size(), 1u);
    copy.turns[0].parts.clear();
    copy.tools.clear();
    EXPECT_EQ(original.turns[0].parts.size(), 1u);
    EXPECT_EQ(original.tools.size(), 1u);
}

TEST(Copy, OfTheSettingsHasNeitherTurnsNorTools) {
    const Conversation settings = settings_of(full());
    expect_the_settings(settings);
    EXPECT_TRUE(settings.turns.empty());
    EXPECT_TRUE(settings.tools.empty());
}

}  // namespace
}  // namespace ccr::chat
