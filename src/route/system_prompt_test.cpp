#include "route/system_prompt.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "json/document.h"
#include "json/writer.h"

namespace ccr::route {
namespace {

/// A body with these blocks as its system prompt, and what it becomes.
std::string rewritten(const std::vector<std::string>& blocks, std::string_view text) {
    std::string body;
    json::Writer w(body);
    w.open_array();
    for (const std::string& block : blocks) w.string(block);
    w.close_array();
    json::Document document;
    const auto root = document.parse(body);
    chat::Conversation conversation;
    conversation.turns.emplace_back().role = chat::Role::system;
    for (const json::View block : root->elements())
        conversation.turns[0].parts.push_back({chat::Prose{block.text()}, {}, {}});
    auto splice = with_instructions(conversation, body, text);
    if (!splice) return "unchanged";
    const std::string changed = json::apply(body, {*std::move(splice)});
    std::string out;
    json::Document again;
    for (const json::View block : again.parse(changed)->elements())
        out += block.text().decode() + "|";
    return out;
}

TEST(SystemPrompt, TheEnvironmentAndWhatFollowsItStay) {
    EXPECT_EQ(
        rewritten({"who", "Do \"this\".\n<env>old</env>\nuse <env>\nos: x\n</env>\n"}, "Mine: "),
        "who|Mine: <env>\nos: x\n</env>\n|")
        << "the last <env> counts, as in the reference";
    EXPECT_EQ(rewritten({"bill", "who", "\nDo.\n\n# Environment\n - linux\n\n# More\n"}, "Mine\n"),
              "bill|who|Mine\n# Environment\n - linux\n\n# More\n|");
    EXPECT_EQ(rewritten({"who", "Do.\n# Environment\n"}, "Mine: \\ \"q\" 你"),
              "who|Mine: \\ \"q\" 你\n\n# Environment\n|");
    EXPECT_EQ(rewritten({"who", "Do.\n# Environment"}, ""), "who|# Environment|");
}

TEST(SystemPrompt, OthersAreLeftAlone) {
    EXPECT_EQ(rewritten({"<env> in the first", "Do."}, "Mine"), "unchanged");
    EXPECT_EQ(rewritten({"who", "See # Environment and\n# Environment variables"}, "Mine"),
              "unchanged");
    EXPECT_EQ(rewritten({}, "Mine"), "unchanged");
}

}  // namespace
}  // namespace ccr::route
