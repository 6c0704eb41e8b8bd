#include "chat/grammar.h"

#include <gtest/gtest.h>

#include "chat/conversation.h"

namespace ccr::chat {
namespace {

// Streams as words: S started, T text block, R reasoning block, C call block, W search, X opaque
// block, t/r/s/d/a/x deltas (text, reasoning, seal, details, arguments, opaque), . closed, U usage,
// P ping, F finished, E failed.
StreamEvent event_of(char c) {
    const auto opened = [](BlockKind kind) {
        Opened out;
        out.kind = kind;
        return out;
    };
    const auto delta = [](DeltaKind kind) { return Delta{kind, Text::literal("x"), "[]"}; };
    switch (c) {
        case 'S':
            return Started{};
        case 'T':
            return opened(BlockKind::text);
        case 'R':
            return opened(BlockKind::reasoning);
        case 'C':
            return opened(BlockKind::tool_call);
        case 'W':
            return opened(BlockKind::web_search);
        case 'X':
            return opened(BlockKind::opaque);
        case 't':
            return delta(DeltaKind::text);
        case 'r':
            return delta(DeltaKind::reasoning);
        case 's':
            return delta(DeltaKind::seal);
        case 'd':
            return delta(DeltaKind::details);
        case 'a':
            return delta(DeltaKind::arguments);
        case 'x':
            return delta(DeltaKind::opaque);
        case '.':
            return Closed{};
        case 'U':
            return UsageReport{};
        case 'P':
            return Ping{};
        case 'F':
            return Finished{};
        default:
            return Failed{make_error(ErrorKind::overloaded, "busy")};
    }
}

// How many events pass before one is refused.
std::size_t passes(std::string_view stream) {
    GrammarGuard guard;
    for (std::size_t i = 0; i < stream.size(); ++i) {
        if (!guard.check(event_of(stream[i])).empty()) return i;
    }
    return stream.size();
}

TEST(GrammarGuard, PassesEveryStreamOfTheGrammar) {
    for (const std::string_view stream : {"SF", "STt.F", "SRrsd.Ttx.Ca.W.Xx.UF", "STt.UPTttt.PE",
                                          "E", "SE", "STtE", "SUPF", "ST.F"}) {
        EXPECT_EQ(passes(stream), stream.size()) << stream;
        GrammarGuard guard;
        for (const char c : stream) EXPECT_EQ(guard.check(event_of(c)), "");
        EXPECT_TRUE(guard.ended()) << stream;
    }
}

TEST(GrammarGuard, StopsAtTheFirstWrongEvent) {
    for (const std::string_view stream :
         {"F",  "T",   "t",   "U",   "P",   "SS",  "St",  "S.",  "STT", "STF", "SFt", "SFE",
          "EF", "SF.", "STr", "STa", "SRt", "SCt", "SWt", "SXt", "STs", "SCx", "SRx"}) {
        EXPECT_EQ(passes(stream), stream.size() - 1) << stream;
    }
}

TEST(Content, IsWhatAClientWouldLose) {
    for (const char c : std::string_view("trsdaxCWXtx"))
        EXPECT_TRUE(bears_content(event_of(c))) << c;
    for (const char c : std::string_view("STR.UPFE")) EXPECT_FALSE(bears_content(event_of(c))) << c;
    EXPECT_FALSE(bears_content(Delta{DeltaKind::text, {}, {}}));
    EXPECT_TRUE(bears_content(Finished{StopReason::refusal, {}}));
}

TEST(Effort, NamesGoBothWaysAndBudgetsHaveSteps) {
    for (int i = 0; i <= static_cast<int>(Effort::max); ++i) {
        const auto effort = static_cast<Effort>(i);
        Arena arena;
        EXPECT_EQ(effort_of(Text::from_plain(name_of(effort), arena)), effort);
    }
    EXPECT_EQ(effort_of(Text::literal("enormous")), std::nullopt);
    EXPECT_EQ(effort_of_budget(0), Effort::none);
    EXPECT_EQ(effort_of_budget(1024), Effort::low);
    EXPECT_EQ(effort_of_budget(1025), Effort::medium);
    EXPECT_EQ(effort_of_budget(8192), Effort::medium);
    EXPECT_EQ(effort_of_budget(31'999), Effort::high);
}

}  // namespace
}  // namespace ccr::chat
