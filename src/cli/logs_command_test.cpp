// `ccr logs`: both logs as one, one request's story, and what follows when files change their
// names.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/cli_fixture.h"
#include "cli/log_lines.h"
#include "cli/log_text.h"

namespace ccr::cli {
namespace {

using test::Home;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kServer = ".claude-code-router/logs/ccr-20261127120000.log";
constexpr const char* kApplication = ".claude-code-router/claude-code-router.log";

std::string server_line(int time, int level, const std::string& text,
                        const std::string& more = "") {
    return fmt::format(R"({{"level":{},"time":{},"pid":1,"hostname":"h",{}"msg":"{}"}})", level,
                       time, more, text) +
           "\n";
}

std::string routed_line(int time, const std::string& id, const std::string& session = "s1") {
    return fmt::format(R"({{"time":{},"event":"routed","request":"{}","session":"{}","asked":"m",)"
                       R"("scenario":"default","considered":[{{"rule":"default","applied":true,)"
                       R"("why":"nothing else applies"}}],"targets":["p,m"]}})",
                       time, id, session) +
           "\n";
}

std::string settled_line(int time, const std::string& id, const std::string& outcome = "ok") {
    return fmt::format(
               R"({{"time":{},"event":"settled","request":"{}","target":"p,m","outcome":"{}",)"
               R"("status":200,"totalMs":1500,"inputTokens":10,"outputTokens":3,)"
               R"("cacheReadTokens":90}})",
               time, id, outcome) +
           "\n";
}

void write_logs(const Home& home) {
    home.write(kServer,
               server_line(1000, 30, "started") +
                   server_line(3000, 40, "attempt failed", R"("reqId":"req_b","provider":"p",)") +
                   "no JSON at all\n" + server_line(6000, 50, "a mishap"));
    home.write(".claude-code-router/claude-code-router.log.20261127110000",
               routed_line(2000, "req_a") + settled_line(2500, "req_a"));
    home.write(kApplication,
               routed_line(2800, "req_b", "s2") + settled_line(4000, "req_b", "error"));
}

TEST(LogsCommand, LinesOfBothLogsStandInTheirOrder) {
    const Home home;
    write_logs(home);
    const auto all = home.ccr({"logs", "--json"});
    EXPECT_EQ(all.exit_code, 0);
    std::vector<std::size_t> places;
    for (const char* const part : {"started", "\"time\":2000", "\"time\":2500", "\"time\":2800",
                                   "attempt failed", "\"time\":4000", "a mishap"})
        places.push_back(all.out.find(part));
    EXPECT_TRUE(std::ranges::is_sorted(places)) << all.out;
    EXPECT_THAT(all.out, Not(HasSubstr("no JSON")));
    const auto last = home.ccr({"logs", "-n", "2", "--json"});
    EXPECT_EQ(std::ranges::count(last.out, '\n'), 2);
    EXPECT_THAT(last.out, HasSubstr("a mishap"));
    EXPECT_THAT(last.out, HasSubstr("\"time\":4000"));
}

TEST(LogsCommand, APersonReadsLines) {
    const Home home;
    write_logs(home);
    const auto out = home.ccr({"logs"}, {{"TZ", "UTC"}}).out;
    EXPECT_THAT(out, HasSubstr("1970-01-01 00:00:01.000 INFO  started\n"));
    EXPECT_THAT(out, HasSubstr("req_a asked for m, goes to p,m (default)\n"));
    EXPECT_THAT(out, HasSubstr("200 ok from p,m in 1.5 s, 100 tokens in (90 cached), 3 out\n"));
    EXPECT_THAT(out, HasSubstr("WARN  req_b attempt failed provider=p\n"));
    EXPECT_THAT(out, Not(HasSubstr("\x1b")));
}

TEST(LogsCommand, LevelsRequestsAndSessionsNarrowIt) {
    const Home home;
    write_logs(home);
    const auto bad = home.ccr({"logs", "--level", "error"});
    EXPECT_EQ(std::ranges::count(bad.out, '\n'), 2) << bad.out;
    const auto one = home.ccr({"logs", "--request", "req_b"});
    EXPECT_THAT(one.out, HasSubstr("attempt failed"));
    EXPECT_THAT(one.out, HasSubstr("applied default: nothing else applies"));
    EXPECT_THAT(one.out, Not(HasSubstr("req_a")));
    const auto session = home.ccr({"logs", "--session", "s2"});
    EXPECT_EQ(std::ranges::count(session.out, '\n'), 3) << session.out;
    const auto none = home.ccr({"logs", "--request", "req_zzz"});
    EXPECT_EQ(none.exit_code, 1);
    EXPECT_THAT(none.err, HasSubstr("know no request req_zzz"));
    const auto level = home.ccr({"logs", "--level", "eror"});
    EXPECT_EQ(level.exit_code, 2);
    EXPECT_THAT(level.err, HasSubstr("did you mean error?"));
}

TEST(LogsCommand, TerminalsAreNotSpokenToByWhatWasLogged) {
    LogLine line;
    ASSERT_TRUE(read_log_line(server_line(1000, 30, "a\\u001b[31mb"), line));
    EXPECT_THAT(text_of(line, {}), HasSubstr("a [31mb"));
}

TEST(LogsCommand, MembersOfAnotherKindAreNoMishap) {
    const Home home;
    home.write(
        kApplication,
        R"({"time":1,"event":"settled","request":"req_a","totalMs":"x","inputTokens":[]})"
        "\n"
        R"({"time":2,"event":"routed","request":"req_a","targets":"t","considered":[1,{"rule":2}],"losses":{}})"
        "\n");
    const auto shown = home.ccr({"logs", "--request", "req_a"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_EQ(std::ranges::count(shown.out, '\n'), 3) << shown.out;
}

TEST(LogFollower, GoesOnThroughRotation) {
    const Home home;
    write_logs(home);
    LogFilter filter;
    LogFollower follower(home.paths());
    EXPECT_TRUE(follower.next(filter).empty());
    // The log in use is renamed, and goes on under its old name.
    const std::string application = home.file(kApplication);
    std::ofstream(application, std::ios::app) << routed_line(7000, "req_c") << "{\"time\":7100,";
    std::filesystem::rename(application, application + ".20261127130000");
    std::ofstream(application + ".20261127130000", std::ios::app)
        << "\"event\":\"attempted\",\"request\":\"req_c\"}\n";
    std::ofstream(application) << settled_line(7200, "req_c");
    std::ofstream(home.file(".claude-code-router/logs/ccr-20261127130000.log"))
        << server_line(7050, 30, "a new file");
    const auto lines = follower.next(filter);
    std::vector<std::int64_t> times;
    for (const LogLine& line : lines) times.push_back(line.time);
    EXPECT_THAT(times, testing::ElementsAre(7000, 7050, 7100, 7200));
    EXPECT_TRUE(follower.next(filter).empty());
}

}  // namespace
}  // namespace ccr::cli
