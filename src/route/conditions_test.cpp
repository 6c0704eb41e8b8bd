#include "route/conditions.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ccr::route {
namespace {

using config::Conditions;

chat::Conversation conversation() {
    const auto turn = [](chat::Role role, std::string_view text) {
        chat::Turn out;
        out.role = role;
        out.parts.emplace_back().body = chat::Prose{json::Text::from_escaped(text)};
        return out;
    };
    chat::Conversation out;
    out.turns = {turn(chat::Role::system, "You write."), turn(chat::Role::system, "You explore."),
                 turn(chat::Role::user, "Fix it.")};
    chat::Tool tool;
    tool.name = json::Text::literal("Read");
    out.tools.push_back(tool);
    return out;
}

// Of a request that has something to be asked about in each way.
struct Asked {
    Asked() {
        headers.add("x-team", "green");
        facts.asked_model = "claude-opus-5-5";
        facts.agent = "codex";
        facts.input_tokens = 100;
        facts.thought.effort = chat::Effort::medium;
        facts.now = {2, 17 * 60 + 30};
        facts.session = "s-1";
        facts.conversation = &whole;
        facts.headers = &headers;
    }
    const chat::Conversation whole = conversation();
    net::Headers headers;
    Facts facts;
    config::Routing routing;
};

struct Case {
    const char* why;
    Conditions differ, hold;
};
void PrintTo(const Case& c, std::ostream* out) {
    *out << c.why;
}

template <typename Member, typename Value>
Conditions only(Member member, Value value) {
    Conditions out;
    out.*member = std::move(value);
    return out;
}
using Texts = std::vector<std::string>;
using HeaderPatterns = std::vector<std::pair<std::string, config::Patterns>>;
Case texts(const char* why, Texts Conditions::* member, Texts differ, Texts hold) {
    return {why, only(member, std::move(differ)), only(member, std::move(hold))};
}
Case headers(const char* why, const char* name, const char* pattern) {
    return {why, only(&Conditions::headers, HeaderPatterns{{name, {pattern}}}),
            only(&Conditions::headers, HeaderPatterns{{"X-Team", {"blue", "gr*"}}})};
}

class EachCondition : public testing::TestWithParam<Case> {};

TEST_P(EachCondition, HoldsOrSaysWhyNot) {
    const Asked asked;
    Inquiry inquiry(asked.facts, asked.routing);
    EXPECT_FALSE(inquiry.first_unmet(GetParam().hold));
    const auto unmet = inquiry.first_unmet(GetParam().differ);
    ASSERT_TRUE(unmet);
    EXPECT_EQ(why_unmet(*unmet, GetParam().differ, asked.facts), GetParam().why);
    EXPECT_FALSE(inquiry.first_unmet(GetParam().hold));
}

using C = Conditions;
INSTANTIATE_TEST_SUITE_P(
    Table, EachCondition,
    testing::Values(
        texts("the model is claude-opus-5-5, not a or b", &C::models, {"a", "b"}, {"a", "*opus*"}),
        texts("the scenario is not image or think", &C::scenarios, {"image", "think"},
              {"image", "default"}),
        texts("the effort is medium, not high or max", &C::efforts, {"high", "max"}, {"medium"}),
        texts("the client is codex, not gemini-cli", &C::clients, {"gemini-cli"}, {"anthropic"}),
        Case{"the last user turn has no image", only(&C::images, true), only(&C::images, false)},
        Case{"it is no subagent's request", only(&C::subagent, true), only(&C::subagent, false)},
        Case{"100 tokens are not over 100", only(&C::tokens_over, 100), only(&C::tokens_over, 99)},
        Case{"100 tokens are not under 100", only(&C::tokens_under, 100),
             only(&C::tokens_under, 101)},
        texts("the project is not known, so it is not p or q", &C::projects, {"p", "q"}, {"*"}),
        texts("the session is s-1, not s-2", &C::sessions, {"s-2"}, {"s-*"}),
        headers("there is no header x-other", "x-other", "*"),
        headers("the header x-team is not blue", "x-team", "blue"),
        Case{"it is 17:30, outside its times",
             only(&C::times, std::vector<config::TimeSpan>{{0x7f, 9 * 60, 17 * 60 + 30}}),
             only(&C::times, std::vector<config::TimeSpan>{{0x04, 17 * 60, 60}})},
        texts("no tool is named mcp__* or write", &C::tools, {"mcp__*", "write"}, {"read"}),
        texts("the user's last text has no \"write\"", &C::texts, {"write"}, {"fix*it"}),
        texts("the system prompt has no \"fix it\"", &C::systems, {"fix it"}, {"you explore"})));

TEST(Conditions, TheFirstUnmetIsTold) {
    const Asked asked;
    Inquiry inquiry(asked.facts, asked.routing);
    Conditions when = only(&C::systems, Texts{"nowhere"});
    EXPECT_EQ(inquiry.first_unmet(when), Condition::system);
    when.tokens_over = 1000;
    EXPECT_EQ(inquiry.first_unmet(when), Condition::tokens_over);
    when.models = {"*haiku*"};
    EXPECT_EQ(inquiry.first_unmet(when), Condition::model);
    EXPECT_EQ(inquiry.first_unmet({}), std::nullopt);
}

TEST(Conditions, WithoutAConversationNothingIsLookedForInIt) {
    Asked asked;
    asked.facts.conversation = nullptr;
    Inquiry inquiry(asked.facts, asked.routing);
    EXPECT_FALSE(inquiry.first_unmet(only(&C::systems, Texts{"nowhere"})));
    EXPECT_FALSE(inquiry.first_unmet(only(&C::texts, Texts{"nowhere"})));
    EXPECT_FALSE(inquiry.first_unmet(only(&C::tools, Texts{"nowhere"})));
}

}  // namespace
}  // namespace ccr::route
