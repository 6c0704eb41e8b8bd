#include "gateway/models.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gateway/demo_target.h"

namespace ccr::gateway {
namespace {

config::Config two_providers() {
    config::Config config;
    config::Provider router;
    router.name = "openrouter";
    router.models = {"x-ai/grok-4", "anthropic/claude-sonnet"};
    config.providers.push_back(router);
    return config;
}

TEST(Models, OneBodyForBothKindsOfReader) {
    const auto body = nlohmann::json::parse(models_body(two_providers()));
    EXPECT_EQ(body["object"], "list");
    EXPECT_EQ(body["has_more"], false);
    ASSERT_EQ(body["data"].size(), 2u);
    EXPECT_EQ(body["data"][0]["id"], "anthropic:openrouter,x-ai/grok-4")
        << "discovery keeps only ids with claude or anthropic in them";
    EXPECT_EQ(body["data"][0]["display_name"], "openrouter,x-ai/grok-4");
    EXPECT_EQ(body["data"][1]["id"], "openrouter,anthropic/claude-sonnet");
    EXPECT_EQ(body["first_id"], body["data"][0]["id"]);
    EXPECT_EQ(body["last_id"], body["data"][1]["id"]);
    EXPECT_EQ(body["data"][0]["type"], "model");
    EXPECT_EQ(body["data"][0]["object"], "model");
}

TEST(Models, AnEmptyListIsAList) {
    const auto body = nlohmann::json::parse(models_body(config::Config()));
    EXPECT_TRUE(body["data"].is_array());
    EXPECT_TRUE(body["first_id"].is_null());
}

TEST(DemoTarget, StandsInOnlyWhereNothingIsConfigured) {
    auto with = std::make_shared<config::Config>(two_providers());
    EXPECT_EQ(with_demo(with, "http://127.0.0.1:1"), with);
    auto without = std::make_shared<config::Config>();
    without->demo = true;
    const auto demo = with_demo(without, "http://127.0.0.1:1");
    ASSERT_EQ(demo->providers.size(), 1u);
    EXPECT_EQ(demo->providers[0].base_url, "http://127.0.0.1:1/v1/chat/completions");
    EXPECT_TRUE(demo->routing.fallback_default);
}

}  // namespace
}  // namespace ccr::gateway
