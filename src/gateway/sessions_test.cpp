#include "gateway/sessions.h"

#include <gtest/gtest.h>

#include "config/loader.h"
#include "gateway/price.h"
#include "json/document.h"

namespace ccr::gateway {
namespace {

using std::chrono::microseconds;

config::Config configuration() {
    auto parsed = config::parse_config(
        "{Providers: [{name: 'anthropic', api_base_url: 'https://api.anthropic.com/v1/messages', "
        "api_key: 'k', models: ['claude-opus-4-8']}], Router: {default: "
        "'anthropic,claude-opus-4-8'}}",
        "c.json5", [](auto) { return std::optional<std::string>(); });
    return std::move(*parsed);
}

event::Routed routed(const std::string& request, const std::string& session,
                     const std::string& agent = "", const std::string& scenario = "default") {
    event::Routed out;
    out.request = request;
    out.session = session;
    out.agent = agent;
    out.project = "p";
    out.scenario = scenario;
    out.asked_model = "claude-opus-4-8";
    return out;
}

event::Settled settled(const std::string& request) {
    event::Settled out;
    out.request = request;
    out.target = "anthropic,claude-opus-4-8";
    out.outcome = "ok";
    out.to_first_content = microseconds(500'000);
    out.streamed = true;
    out.total = microseconds(2'500'000);
    out.input = 1000;
    out.cache_read = 9000;
    out.output = 100;
    return out;
}

class SessionsTest : public testing::Test {
  protected:
    void hear(const event::Event& event) {
        now_ += std::chrono::seconds(1);
        if (auto told = event; auto* settled = std::get_if<event::Settled>(&told)) {
            price(*settled, config_);
            return sessions_.hear(told, now_);
        }
        sessions_.hear(event, now_);
    }
    AgentActivity only_agent() {
        const auto session = sessions_.of("s");
        EXPECT_TRUE(session && session->agents.size() == 1);
        return session->agents.front();
    }

    config::Config config_ = configuration();
    Sessions sessions_;
    Sessions::Clock::time_point now_{std::chrono::seconds(1'000'000)};
};

TEST_F(SessionsTest, AnAgentWaitsStreamsAndIsIdleAgain) {
    hear(routed("r1", "s"));
    EXPECT_EQ(only_agent().state(), AgentActivity::State::waiting);
    hear(event::Attempted{"r1", "anthropic,claude-opus-4-8", "translated", {}});
    hear(event::Began{"r1"});
    EXPECT_EQ(only_agent().state(), AgentActivity::State::streaming);
    EXPECT_EQ(only_agent().target, "anthropic,claude-opus-4-8");
    hear(settled("r1"));
    const AgentActivity agent = only_agent();
    EXPECT_EQ(agent.state(), AgentActivity::State::idle);
    EXPECT_EQ(agent.first_content_ms, 500);
    EXPECT_DOUBLE_EQ(agent.tokens_per_second, 50);
    EXPECT_EQ(agent.input, 10'000);
    EXPECT_EQ(agent.cached, 9'000);
    EXPECT_TRUE(agent.window);
    ASSERT_TRUE(agent.cost);
    const auto prices = config::traits_of(config_.providers[0], "claude-opus-4-8").prices;
    ASSERT_TRUE(prices && prices->cache_read);
    EXPECT_DOUBLE_EQ(
        *agent.cost,
        (1000 * prices->input + 100 * prices->output + 9000 * *prices->cache_read) / 1e6);
}

TEST_F(SessionsTest, OneOfTwoRequestsThatEndsLeavesItsAgentAtWork) {
    hear(routed("r1", "s"));
    hear(routed("r2", "s"));
    hear(settled("r1"));
    EXPECT_EQ(only_agent().state(), AgentActivity::State::waiting);
    hear(settled("r2"));
    EXPECT_EQ(only_agent().state(), AgentActivity::State::idle);
    EXPECT_EQ(only_agent().requests, 2);
    EXPECT_EQ(only_agent().output, 200);
}

TEST_F(SessionsTest, TheStateIsThatOfAllItsRequests) {
    hear(routed("r1", "s"));
    hear(event::Began{"r1"});
    hear(routed("r2", "s"));
    EXPECT_EQ(only_agent().state(), AgentActivity::State::streaming);
    hear(settled("r1"));
    EXPECT_EQ(only_agent().state(), AgentActivity::State::waiting);
}

TEST_F(SessionsTest, AnAnswerThatComesWholeHasNoSpeed) {
    hear(routed("r1", "s"));
    event::Settled whole = settled("r1");
    whole.streamed = false;
    whole.to_first_content = whole.total - microseconds(10);
    hear(whole);
    EXPECT_EQ(only_agent().tokens_per_second, 0);
    EXPECT_EQ(only_agent().first_content_ms, 2499);
}

TEST_F(SessionsTest, AgentsThatAreLetGoOfLeaveTheirSums) {
    hear(routed("main", "s"));
    for (int i = 0; i < 100; ++i) {
        const std::string n = std::to_string(i);
        hear(routed("r" + n, "s", "agent-" + n));
        hear(settled("r" + n));
    }
    const auto session = sessions_.of("s");
    ASSERT_TRUE(session);
    EXPECT_EQ(session->agents.size(), 64u);
    EXPECT_EQ(session->agents.front().agent, "") << "the main agent waits for them";
    double cost = session->past.cost.value_or(0);
    std::int64_t output = session->past.output;
    for (const AgentActivity& agent : session->agents) {
        cost += agent.cost.value_or(0);
        output += agent.output;
    }
    EXPECT_EQ(output, 100 * 100);
    hear(routed("one", "other"));
    hear(settled("one"));
    EXPECT_NEAR(cost, 100 * *sessions_.of("other")->agents.front().cost, 1e-9);
}

TEST_F(SessionsTest, NamesThatClientsChooseAreKeptShort) {
    event::Routed long_names = routed("r", "s", std::string(1'000'000, 'a'));
    long_names.asked_model = std::string(1'000'000, 'm');
    hear(long_names);
    EXPECT_LT(only_agent().agent.size() + only_agent().asked.size(), 1000u);
}

TEST_F(SessionsTest, SubagentsAndErrandsAreAgentsOfTheirOwn) {
    hear(routed("r1", "s"));
    hear(routed("r2", "s", "agent-7"));
    hear(routed("r3", "s", "", "background"));
    const auto session = sessions_.of("s");
    ASSERT_TRUE(session);
    ASSERT_EQ(session->agents.size(), 3u);
    EXPECT_EQ(session->agents[1].agent, "agent-7");
    EXPECT_EQ(session->agents[2].agent, kErrands);
    EXPECT_EQ(session->project, "p");
}

TEST_F(SessionsTest, FailuresCountAndRequestsWithoutASessionDoNot) {
    hear(routed("r1", "s"));
    event::Settled failed;
    failed.request = "r1";
    failed.outcome = "error";
    hear(failed);
    EXPECT_EQ(only_agent().errors, 1);
    EXPECT_FALSE(only_agent().cost);
    hear(routed("r2", ""));
    hear(settled("r2"));
    EXPECT_EQ(sessions_.all().size(), 1u);
}

TEST_F(SessionsTest, TheOldestAreForgottenAndTheNewestComeFirst) {
    for (int i = 0; i < 300; ++i) {
        const std::string n = std::to_string(i);
        hear(routed("r" + n, "s" + n));
        hear(settled("r" + n));
    }
    const auto all = sessions_.all();
    EXPECT_EQ(all.size(), 256u);
    EXPECT_EQ(all.front().session, "s299");
    EXPECT_FALSE(sessions_.of("s0"));
    json::Document document;
    const std::string text = to_json(all);
    const auto root = document.parse(text);
    ASSERT_TRUE(root);
    EXPECT_EQ(root->size(), 256u);
}

}  // namespace
}  // namespace ccr::gateway
