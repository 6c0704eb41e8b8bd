#include "gateway/models.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "gateway/demo_target.h"

namespace ccr::gateway {
namespace {

config::Config two_models() {
    config::Config config;
    config::Provider router;
    router.name = "openrouter";
    router.models = {"x-ai/grok-4", "anthropic/claude-sonnet"};
    config.providers.push_back(router);
    config.index_models();
    return config;
}

TEST(Models, AnthropicsReadersGetNamesThatSurviveDiscovery) {
    const auto body = nlohmann::json::parse(models_body(two_models(), Listing::anthropic));
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

TEST(Models, AliasesAreListedFirstAndWhatWildcardsStandForLast) {
    config::Config config = two_models();
    using Kind = config::ModelName::Kind;
    config.routing.models = {{Kind::wildcard, "claude-3-*", {"openrouter", "unlisted", {}}},
                             {Kind::wildcard, "gpt-*", {"openrouter", "x-ai/grok-4", {}}},
                             {Kind::slot, "opus", {"openrouter", "slot", {}}},
                             {Kind::alias, "fast", {"openrouter", "x-ai/grok-4", {}}}};
    const auto data = nlohmann::json::parse(models_body(config, Listing::anthropic))["data"];
    std::string ids;
    for (const auto& model : data) ids += model["id"].get<std::string>() + "\n";
    EXPECT_EQ(
        ids,
        "anthropic:fast\nanthropic:openrouter,x-ai/grok-4\nopenrouter,anthropic/claude-sonnet\n"
        "anthropic:openrouter,unlisted\n");
    EXPECT_EQ(data[0]["display_name"], "fast (openrouter,x-ai/grok-4)");
    EXPECT_EQ(data[0]["owned_by"], "openrouter");
    for (const char* name : {"anthropic:fast", "FAST"})
        EXPECT_TRUE(model_body(config, Listing::openai, name)) << name;
    const auto gemini = nlohmann::json::parse(models_body(config, Listing::gemini))["models"];
    EXPECT_EQ(gemini[0]["name"], "models/fast");
}

TEST(Models, OpenAisReadersGetPlainNames) {
    const auto body = nlohmann::json::parse(models_body(two_models(), Listing::openai));
    EXPECT_EQ(body["object"], "list");
    EXPECT_EQ(body["data"][0]["id"], "openrouter,x-ai/grok-4");
    EXPECT_EQ(body["data"][0]["object"], "model");
    EXPECT_EQ(body["data"][0]["owned_by"], "openrouter");
    EXPECT_TRUE(body["data"][0]["created"].is_number());
}

TEST(Models, GeminisReadersGetTheirOwnList) {
    const auto body = nlohmann::json::parse(models_body(two_models(), Listing::gemini));
    EXPECT_FALSE(body.contains("data"));
    ASSERT_EQ(body["models"].size(), 2u);
    EXPECT_EQ(body["models"][0]["name"], "models/openrouter,x-ai/grok-4");
    EXPECT_EQ(body["models"][0]["supportedGenerationMethods"],
              nlohmann::json({"generateContent", "countTokens"}));
}

TEST(Models, AnEmptyListIsAList) {
    const auto body = nlohmann::json::parse(models_body(config::Config(), Listing::anthropic));
    EXPECT_TRUE(body["data"].is_array());
    EXPECT_TRUE(body["first_id"].is_null());
}

TEST(Models, OneOfThemByEveryNameItHas) {
    const config::Config config = two_models();
    for (const char* name : {"openrouter,x-ai/grok-4", "anthropic:openrouter,x-ai/grok-4",
                             "OpenRouter,X-AI/grok-4", "x-ai/grok-4"}) {
        const auto body = model_body(config, Listing::anthropic, name);
        ASSERT_TRUE(body) << name;
        const auto model = nlohmann::json::parse(*body);
        EXPECT_EQ(model["id"], "anthropic:openrouter,x-ai/grok-4") << name;
    }
    const auto gemini = model_body(config, Listing::gemini, "openrouter,x-ai/grok-4");
    EXPECT_EQ(nlohmann::json::parse(*gemini)["name"], "models/openrouter,x-ai/grok-4");
}

TEST(Models, OneThatIsNotThereIsMetWithItsLikes) {
    const auto body = model_body(two_models(), Listing::openai, "openrouter,x-ai/grok-5");
    ASSERT_FALSE(body);
    EXPECT_EQ(body.error().status, 404);
    EXPECT_NE(body.error().message.find("did you mean openrouter,x-ai/grok-4?"), std::string::npos)
        << body.error().message;
}

TEST(DemoTarget, StandsInOnlyWhereNothingIsConfigured) {
    auto with = std::make_shared<config::Config>(two_models());
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
