#include "route/subagent_tag.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace ccr::route {
namespace {

constexpr std::string_view kTag = "<CCR-SUBAGENT-MODEL>p,m</CCR-SUBAGENT-MODEL>";

/// A text as it stands in a body, and the conversation whose system prompt it is.
struct Prompt {
    explicit Prompt(const std::string& escaped) : body("{\"system\":\"" + escaped + "\"}") {
        chat::Turn turn;
        turn.role = chat::Role::system;
        turn.parts.push_back({chat::Prose{text_of(body)}, {}, {}});
        conversation.turns.push_back(std::move(turn));
    }
    static json::Text text_of(std::string_view body) {
        return json::Text::from_escaped(body.substr(11, body.size() - 13));
    }
    std::string body;
    chat::Conversation conversation;
};

std::string cut(const Prompt& prompt) {
    const FoundTags found = find_subagent_tags(prompt.conversation, prompt.body);
    return json::apply(prompt.body, found.splices);
}

TEST(SubagentTag, NoByteButTheTagsIsTouched) {
    EXPECT_EQ(cut(Prompt(R"(a\u4f60\n<CCR-SUBAGENT-MODEL>p,m</CCR-SUBAGENT-MODEL>\r\n\"b\")")),
              R"({"system":"a\u4f60\n\"b\""})");
    EXPECT_EQ(cut(Prompt("no tag \\n here")), "{\"system\":\"no tag \\n here\"}");
}

TEST(SubagentTag, WrittenWithEscapesItIsFoundAsWell) {
    const Prompt prompt(R"(\u003cCCR-SUBAGENT-MODEL\u003Ep,m\u003c\/CCR-SUBAGENT-MODEL\u003ego)");
    const FoundTags found = find_subagent_tags(prompt.conversation, prompt.body);
    ASSERT_TRUE(found.first);
    EXPECT_EQ(found.first->model, "p,m");
    EXPECT_EQ(json::apply(prompt.body, found.splices), R"({"system":"go"})");
}

// Whatever escapes stand before, between and after: what is left reads as the text without tags.
TEST(SubagentTag, AnyTextKeepsItsMeaning) {
    static constexpr auto kPieces = std::to_array<std::string_view>(
        {"a", "\\n", "\\\"", "\\\\", "\\u00e9", "é", "你", "\\u4f60", "🚀", "\\ud83d\\ude80",
         "\\ud83d", "\\t", "<", "\\/", "CCR-SUBAGENT-MODEL", "\\u0041", "\\ude80x"});
    std::mt19937 random(4);
    for (int round = 0; round < 3000; ++round) {
        std::string escaped, left;
        for (int i = 0; i < 8; ++i) {
            const std::string_view piece = kPieces[random() % kPieces.size()];
            escaped += piece;
            left += piece;
            if (random() % 3 != 0) continue;
            escaped += "\\n";
            left += "\\n";
            escaped += kTag;
            escaped += "\\n";
        }
        const Prompt prompt(escaped);
        const std::string body = cut(prompt);
        EXPECT_EQ(Prompt::text_of(body).decode(), json::Text::from_escaped(left).decode())
            << escaped;
    }
}

}  // namespace
}  // namespace ccr::route
