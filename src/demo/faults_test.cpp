#include "demo/faults.h"

#include <gtest/gtest.h>

#include <ostream>

namespace ccr::demo {
namespace {

struct PhraseCase {
    const char* text;
    Wish wish;
    FaultKind kind;
    std::int64_t amount;
};
void PrintTo(const PhraseCase& c, std::ostream* out) {
    *out << c.text;
}
class Phrases : public testing::TestWithParam<PhraseCase> {};

TEST_P(Phrases, AreUnderstood) {
    const auto phrase = phrase_in(GetParam().text);
    ASSERT_TRUE(phrase);
    EXPECT_EQ(phrase->wish, GetParam().wish);
    EXPECT_EQ(phrase->fault.kind, GetParam().kind);
    EXPECT_EQ(GetParam().wish == Wish::long_text ? phrase->kilobytes : phrase->fault.amount,
              GetParam().amount);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Phrases,
    testing::Values(
        PhraseCase{"demo: slow", Wish::fault, FaultKind::slow, 0},
        PhraseCase{"Please do DEMO:Slow now", Wish::fault, FaultKind::slow, 0},
        PhraseCase{"demo: drop 7", Wish::fault, FaultKind::drop, 7},
        PhraseCase{"demo: drop", Wish::fault, FaultKind::drop, 3},
        PhraseCase{"demo: drop 0", Wish::fault, FaultKind::drop, 0},
        PhraseCase{"demo: drop -1", Wish::fault, FaultKind::drop, 3},
        PhraseCase{"'demo: drop 2'", Wish::fault, FaultKind::drop, 2},
        PhraseCase{"demo: 429", Wish::fault, FaultKind::rate_limit, 0},
        PhraseCase{"demo: error.", Wish::fault, FaultKind::error, 0},
        PhraseCase{"demo: midstream-error 4", Wish::fault, FaultKind::midstream_error, 4},
        PhraseCase{"demo: garbage", Wish::fault, FaultKind::garbage, 0},
        PhraseCase{"demo: silence", Wish::fault, FaultKind::silence, 30},
        PhraseCase{"demo: silence 99999", Wish::fault, FaultKind::silence, 3600},
        PhraseCase{"demo: truncate 5 please", Wish::fault, FaultKind::truncate, 5},
        PhraseCase{"demo: status 503", Wish::fault, FaultKind::status, 503},
        PhraseCase{"demo: status", Wish::fault, FaultKind::status, 500},
        PhraseCase{"demo: status 200", Wish::fault, FaultKind::status, 400},
        PhraseCase{"demo: status 99999999999999999999", Wish::fault, FaultKind::status, 599},
        PhraseCase{"demo: long 12", Wish::long_text, FaultKind::none, 12},
        PhraseCase{"demo: long", Wish::long_text, FaultKind::none, 64},
        PhraseCase{"demo: huge", Wish::huge, FaultKind::none, 0},
        PhraseCase{"demo: tools", Wish::tools, FaultKind::none, 0},
        PhraseCase{"demo: help", Wish::help, FaultKind::none, 0},
        PhraseCase{"demo:", Wish::unknown, FaultKind::none, 0},
        PhraseCase{"demo: dance", Wish::unknown, FaultKind::none, 0}));

TEST(Phrases, AbsentFromOrdinaryText) {
    for (const char* text : {"", "demo", "a demonstration: slow", "dem o: slow"})
        EXPECT_FALSE(phrase_in(text)) << text;
}

TEST(Phrases, SilenceMayBeginLater) {
    const auto phrase = phrase_in("demo: silence 2 5");
    EXPECT_EQ(phrase->fault.amount, 2);
    EXPECT_EQ(phrase->fault.after, 5);
}

TEST(Phrases, ToolTakesTheObjectBehindIt) {
    const std::pair<const char*, const char*> kTable[] = {
        {"demo: tool Read", ""},
        {"demo: tool Read now", ""},
        {"demo: tool Read {\"a\":1} and more }", "{\"a\":1}"},
        {"demo: tool Read\n{\"a\":{\"b\":\"}\\\"}\"}}", "{\"a\":{\"b\":\"}\\\"}\"}}"},
        {"demo: tool Read {\"a\":", ""},
    };
    for (const auto& [text, arguments] : kTable) {
        const auto phrase = phrase_in(text);
        ASSERT_TRUE(phrase);
        EXPECT_EQ(phrase->wish, Wish::tool);
        EXPECT_EQ(phrase->tool, "Read");
        EXPECT_EQ(phrase->arguments, arguments) << text;
    }
}

// The acts before the messages 0..5 as one letter each.
std::string acts(Fault fault) {
    static constexpr std::string_view kLetters = "swdfge";  // in the order of Act
    std::string out;
    for (int i = 0; i < 6; ++i)
        out += kLetters[static_cast<std::size_t>(before_message(fault, i).act)];
    return out;
}

TEST(Faults, StrikeWhereTheyShould) {
    EXPECT_EQ(acts({}), "ssssss");
    EXPECT_EQ(acts({FaultKind::slow, 0, 0}), "wwwwww");
    EXPECT_EQ(acts({FaultKind::drop, 2, 0}), "ssdddd");
    EXPECT_EQ(acts({FaultKind::error, 0, 0}), "ffffff");
    EXPECT_EQ(acts({FaultKind::midstream_error, 3, 0}), "sssfff");
    EXPECT_EQ(acts({FaultKind::garbage, 0, 0}), "ssgggg");
    EXPECT_EQ(acts({FaultKind::truncate, 1, 0}), "seeeee");
    EXPECT_EQ(acts({FaultKind::silence, 9, 0}), "wsssss");
    EXPECT_EQ(acts({FaultKind::silence, 9, 4}), "ssssws");
    EXPECT_EQ(before_message({FaultKind::silence, 9, 4}, 4).pause, std::chrono::seconds(9));
    EXPECT_EQ(before_message({FaultKind::slow, 0, 0}, 1).pause, std::chrono::milliseconds(200));
}

}  // namespace
}  // namespace ccr::demo
