#include "cli/top_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ccr::cli {
namespace {

using testing::HasSubstr;

constexpr const char* kSessions = R"([
  {"session": "abcdefgh-1234", "project": "-home-me", "agents": [
    {"agent": "", "asked": "claude", "target": "openrouter,anthropic/claude-sonnet-4.5",
     "state": "streaming", "requests": 3, "errors": 0, "first_content_ms": 812,
     "tokens_per_second": 45.25, "input_tokens": 20000, "cached_tokens": 18000,
     "output_tokens": 300, "context_window": 200000, "cost_usd": 0.12345},
    {"agent": "sub-agent-1", "asked": "haiku", "target": "", "state": "idle", "requests": 1,
     "errors": 1, "first_content_ms": 0, "tokens_per_second": 0, "input_tokens": 0,
     "cached_tokens": 0, "output_tokens": 0}], "past": {}},
  {"session": "zz\u001b[2J", "project": "", "agents": [{"agent": "errands", "asked": "m",
    "target": "p,m", "state": "waiting"}], "past": {}}])";

TEST(TopRows, AreOneForEachAgent) {
    const auto rows = top_rows(kSessions);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].label, "abcdefgh main");
    EXPECT_EQ(rows[0].first_content, "812ms");
    EXPECT_EQ(rows[0].speed, "45.2");
    EXPECT_EQ(rows[0].cached, "90%");
    EXPECT_EQ(rows[0].context, "10%");
    EXPECT_EQ(rows[0].cost, "$0.1235");
    EXPECT_EQ(rows[1].label, "         \\ sub-age");
    EXPECT_EQ(rows[1].target, "haiku");
    EXPECT_EQ(rows[1].cost, "-");
    EXPECT_TRUE(rows[1].errors);
    EXPECT_EQ(rows[2].session, "zz [2J");
    EXPECT_EQ(top_summary(rows), "2 sessions, 2 at work");
    EXPECT_TRUE(top_rows("no JSON").empty());
}

TEST(TopRows, LinesFitTheTerminal) {
    const auto rows = top_rows(kSessions);
    EXPECT_EQ(top_heading(80).size(), 80u);
    for (const std::size_t width : {20u, 79u, 80u, 132u}) {
        for (const TopRow& row : rows) EXPECT_EQ(top_line(row, width).size(), width);
    }
    EXPECT_THAT(top_line(rows[0], 79), HasSubstr("open~sonnet-4.5 streaming"));
    EXPECT_THAT(top_line(rows[0], 79), HasSubstr("$0.1235"));
    EXPECT_THAT(top_line(rows[0], 132), HasSubstr("openrouter,anthropic/claude-sonnet-4.5 "));
}

}  // namespace
}  // namespace ccr::cli
