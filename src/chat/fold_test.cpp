#include "chat/fold.h"

#include <gtest/gtest.h>

#include "chat/grammar.h"
#include "chat/random_chat_fixture.h"

namespace ccr::chat {
namespace {

Reply folded(const Events& events) {
    Fold fold;
    for (const StreamEvent& event : events) fold.feed(event);
    EXPECT_TRUE(fold.finished());
    EXPECT_EQ(fold.failure(), nullptr);
    return fold.take();
}

TEST(Fold, UndoesUnfold) {
    json::Random r(1);
    for (int i = 0; i < 1000; ++i) {
        Reply reply = random_reply(r);
        const std::string before = describe(reply);
        ASSERT_EQ(describe(folded(unfold(reply))), before);
    }
}

TEST(Fold, UnfoldedRepliesObeyTheGrammar) {
    json::Random r(2);
    for (int i = 0; i < 1000; ++i) {
        Reply reply = random_reply(r);
        GrammarGuard guard;
        for (const StreamEvent& event : unfold(reply)) ASSERT_EQ(guard.check(event), "");
        ASSERT_TRUE(guard.ended());
    }
}

// Pieces of a delta, and events whose views die with them, make no difference.
TEST(Fold, KeepsNothingOfTheEventsItWasFed) {
    json::Random r(3);
    for (int i = 0; i < 300; ++i) {
        Reply reply = random_reply(r);
        const std::string before = describe(reply);
        Fold fold;
        for (const StreamEvent& event : unfold(reply)) {
            auto arena = std::make_unique<Arena>();
            StreamEvent copy = kept(event, *arena);
            fold.feed(copy);
            arena.reset();
        }
        reply = Reply();
        ASSERT_EQ(describe(fold.take()), before);
    }
}

std::string arguments_from(std::string_view escaped) {
    Fold fold;
    fold.feed(Started{});
    Opened opened;
    opened.kind = BlockKind::tool_call;
    fold.feed(opened);
    for (const char& c : escaped)
        fold.feed(Delta{DeltaKind::arguments, Text::from_escaped({&c, 1}), {}});
    fold.feed(Closed{});
    fold.feed(Finished{});
    const Reply reply = fold.take();
    return std::string(reply.parts.at(0).as<ToolCall>()->arguments);
}

// A reply's arguments go into other JSON texts as they are: they must be an object.
TEST(Fold, ArgumentsAreAlwaysAnObject) {
    EXPECT_EQ(arguments_from(R"({\"a\":[1]})"), R"({"a":[1]})");
    EXPECT_EQ(arguments_from(""), "{}");
    EXPECT_EQ(arguments_from("  "), "{}");
    EXPECT_EQ(arguments_from("null"), "{}");
    EXPECT_EQ(arguments_from(R"( {\"a\":1} )"), R"({"a":1})");
    EXPECT_EQ(arguments_from(R"({\"a\":)"), R"({"arguments":"{\"a\":"})");
    EXPECT_EQ(arguments_from("[1]"), R"({"arguments":"[1]"})");
    EXPECT_EQ(arguments_from("ls -l"), R"({"arguments":"ls -l"})");
}

TEST(Fold, AFailureIsKeptAndNothingIsFinished) {
    Fold fold;
    fold.feed(Started{});
    fold.feed(Failed{make_error(ErrorKind::overloaded, "busy")});
    EXPECT_FALSE(fold.finished());
    ASSERT_NE(fold.failure(), nullptr);
    EXPECT_EQ(fold.failure()->message, "busy");
}

TEST(Usage, MergeTakesWhatTheNewerKnows) {
    Usage usage;
    usage.merge({.input = 10, .output = 1, .cache_read = {}, .cache_write = {}, .reasoning = {}});
    usage.merge({.input = {}, .output = 5, .cache_read = 3, .cache_write = {}, .reasoning = {}});
    EXPECT_EQ(describe(usage), "10 5 3 - -");
    EXPECT_EQ(usage.whole_input(), 13);
}

}  // namespace
}  // namespace ccr::chat
