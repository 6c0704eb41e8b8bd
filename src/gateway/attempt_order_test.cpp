#include "gateway/attempt_order.h"

#include <gtest/gtest.h>

#include <map>

namespace ccr::gateway {
namespace {

using namespace std::chrono_literals;

config::Provider provider(std::string name, std::vector<double> weights = {}) {
    config::Provider out;
    out.name = std::move(name);
    out.base_url = "https://" + out.name + ".test/v1/chat/completions";
    out.api_key = out.name + "-key-1";
    std::vector<config::Provider> by_key;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        config::Provider& one = by_key.emplace_back(out);
        one.api_key = out.name + "-key-" + std::to_string(i + 1);
        one.key_number = i + 1;
        one.key_weight = weights[i];
    }
    out.by_key = std::move(by_key);
    return out;
}

Error limited() {
    Error error = make_error(ErrorKind::rate_limit, "x");
    error.retry_after = 60s;
    return error;
}

struct Order {
    store::State state{store::StateSettings{}};
    TargetHealth health{state};

    std::vector<OrderedTarget> of(const std::vector<route::Attempt>& attempts,
                                  std::string_view session = "s") {
        return attempt_order(attempts, session, health);
    }
};

TEST(AttemptOrder, KeepsTheOrderOfRouting) {
    Order order;
    const auto first = provider("first"), second = provider("second");
    const auto targets = order.of({{&first, "a"}, {&second, "b"}});
    ASSERT_EQ(targets.size(), 2u);
    EXPECT_EQ(targets[0].keys, (std::vector<const config::Provider*>{&first}));
    EXPECT_EQ(targets[0].model, "a");
    EXPECT_EQ(targets[1].choice, 1u);
    EXPECT_EQ(targets[1].keys.front(), &second);
    EXPECT_FALSE(targets[0].rests);
}

TEST(AttemptOrder, RestingTargetsComeLastButStay) {
    Order order;
    const auto first = provider("first"), second = provider("second");
    order.health.failed(first, "a", limited());
    const auto targets = order.of({{&first, "a"}, {&second, "b"}});
    ASSERT_EQ(targets.size(), 2u);
    EXPECT_EQ(targets[0].keys.front(), &second);
    EXPECT_EQ(targets[1].keys.front(), &first);
    EXPECT_TRUE(targets[1].rests);
    EXPECT_EQ(targets[1].choice, 0u);
}

TEST(AttemptOrder, ASessionKeepsItsKeyAndWeightsShareOut) {
    Order order;
    const auto pool = provider("pool", {3, 1});
    std::map<std::size_t, int> share;
    for (int session = 0; session < 2000; ++session) {
        const std::string name = "session " + std::to_string(session);
        const auto targets = order.of({{&pool, "m"}}, name);
        ASSERT_EQ(targets[0].keys.size(), 2u);
        ASSERT_EQ(order.of({{&pool, "m"}}, name)[0].keys, targets[0].keys);
        ++share[targets[0].keys.front()->key_number];
    }
    EXPECT_NEAR(share[1], 1500, 90);
}

TEST(AttemptOrder, ARestingKeyGivesWayToTheSessionsNextOneAndComesBack) {
    Order order;
    const auto pool = provider("pool", {1, 1, 1});
    const auto before = order.of({{&pool, "m"}})[0].keys;
    order.health.failed(*before[0], "m", limited());
    const auto resting = order.of({{&pool, "m"}});
    EXPECT_FALSE(resting[0].rests);
    EXPECT_EQ(resting[0].keys,
              (std::vector<const config::Provider*>{before[1], before[2], before[0]}));
    order.health.succeeded(*before[0], "m", TargetHealth::Steady::max());
    EXPECT_EQ(order.of({{&pool, "m"}})[0].keys, before);
    for (const config::Provider* key : before) order.health.failed(*key, "m", limited());
    EXPECT_TRUE(order.of({{&pool, "m"}})[0].rests);
}

}  // namespace
}  // namespace ccr::gateway
