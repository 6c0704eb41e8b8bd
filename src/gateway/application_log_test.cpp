#include "gateway/application_log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gateway/trace.h"

namespace ccr::gateway {
namespace {

TEST(ApplicationLog, LinesAreJson) {
    event::Routed routed;
    routed.request = "req_1";
    routed.asked_model = "a \"quoted\" model\n";
    routed.because = {"one", "two"};
    const auto line = nlohmann::json::parse(application_line(routed, 42));
    EXPECT_EQ(line["time"], 42);
    EXPECT_EQ(line["asked"], routed.asked_model);
    EXPECT_EQ(line["because"].size(), 2u);
}

TEST(ApplicationLog, ALineNeverBreaks) {
    event::Settled settled;
    settled.error = "first\nsecond\r\n{\"event\":\"forged\"}";
    EXPECT_EQ(application_line(settled, 1).find('\n'), std::string::npos);
}

TEST(Trace, AProvidersWordsStayOutOfTheLogs) {
    Error error = make_error(ErrorKind::invalid_request, "the prompt was: my secret plan");
    error.upstream_body = "the prompt was: my secret plan";
    EXPECT_EQ(loggable(error).find("secret plan"), std::string::npos);
    EXPECT_EQ(loggable(make_error(ErrorKind::config, "ours")), "ours");
}

TEST(Trace, SettlesExactlyOnceHoweverItEnds) {
    event::Bus bus;
    std::vector<event::Settled> seen;
    bus.subscribe([&seen](const event::Event& e) {
        if (const auto* settled = std::get_if<event::Settled>(&e)) seen.push_back(*settled);
    });
    {
        Trace trace(bus, nullptr, "req_ok");
    }
    {
        Trace trace(bus, nullptr, "req_gone");
        trace.answered(200);
        trace.failed(make_error(ErrorKind::client_gone, "left"));
    }
    {
        Trace trace(bus, nullptr, "req_error");
        trace.failed(make_error(ErrorKind::rate_limit, "slow down"));
    }
    ASSERT_EQ(seen.size(), 3u);
    EXPECT_EQ(seen[0].outcome, "ok");
    EXPECT_EQ(seen[1].outcome, "client_gone");
    EXPECT_EQ(seen[2].outcome, "error");
    EXPECT_EQ(seen[2].status, 429);
    EXPECT_EQ(seen[2].error_kind, "rate_limit");
}

}  // namespace
}  // namespace ccr::gateway
