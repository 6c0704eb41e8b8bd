// A client's search by its own provider, towards providers that speak Chat.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapt/adapt_fixture.h"

namespace ccr::adapt {
namespace {

using fixture::Request;
using fixture::sent;
using Json = nlohmann::json;

Json asked_of(std::string_view provider, std::string_view model, bool function = false) {
    Json body = Json::parse(
        R"({"model":"m","max_tokens":9,"tool_choice":{"type":"tool","name":"web_search"},"tools":)"
        R"([{"type":"web_search_20250305","name":"web_search","max_uses":8}],"messages":[{"role":"user","content":"q"}]})");
    if (function)
        body["tools"].push_back(Json{{"name", "Read"}, {"input_schema", {{"type", "object"}}}});
    const Request request(body.dump());
    return Json::parse(sent(fixture::provider(provider), request, model));
}

constexpr std::string_view kOpenRouter =
    "{name: 'p', preset: 'openrouter', api_key: 'k', models: ['m']}";
constexpr std::string_view kOpenAi = "{name: 'p', preset: 'openai', api_key: 'k', models: ['m']}";

TEST(ProviderSearch, IsAServerToolWhereTheProviderHasOne) {
    const Json got = asked_of(kOpenRouter, "anthropic/claude-opus-5", true);
    EXPECT_EQ(got["tools"][0], Json::parse(R"({"type":"openrouter:web_search"})"));
    EXPECT_EQ(got["tools"][1]["function"]["name"], "Read");
    EXPECT_FALSE(got.contains("tool_choice"));
}

TEST(ProviderSearch, IsAnOptionOfTheModelsThatAlwaysSearch) {
    const Json got = asked_of(kOpenAi, "gpt-5-search-api");
    EXPECT_EQ(got["web_search_options"], Json::object());
    EXPECT_FALSE(got.contains("tools"));
    EXPECT_FALSE(asked_of(kOpenAi, "gpt-5").contains("web_search_options"));
}

Json tool_at(const std::string& preset, std::string_view model) {
    const Json got =
        asked_of("{name: 'p', preset: '" + preset + "', api_key: 'k', models: ['m']}", model, true);
    return got["tools"].size() == 2 ? got["tools"][0] : Json();
}

TEST(ProviderSearch, IsTheToolThatEachProviderNames) {
    EXPECT_EQ(tool_at("groq", "openai/gpt-oss-120b"), Json::parse(R"({"type":"browser_search"})"));
    EXPECT_EQ(tool_at("groq", "llama-4"), Json());
    EXPECT_EQ(tool_at("stepfun", "step-3.7-flash")["type"], "web_search");
    for (const char* model : {"glm-5", "glm-5.2", "glm-4.6"})
        EXPECT_EQ(tool_at("zai", model)["web_search"]["search_engine"], "search_pro_jina") << model;
    EXPECT_EQ(tool_at("zhipu", "glm-5-turbo")["web_search"]["search_engine"], "search_pro");
    EXPECT_EQ(tool_at("zai", "glm-4.6v"), Json());
    EXPECT_EQ(tool_at("zai", "glm-5v-turbo"), Json());
}

TEST(ProviderSearch, IsASwitchAtDashScope) {
    const std::string provider = "{name: 'p', preset: 'dashscope', api_key: 'k', models: ['m']}";
    EXPECT_EQ(asked_of(provider, "qwen3-max")["enable_search"], true);
    EXPECT_FALSE(asked_of(provider, "qwen3-8b").contains("enable_search"));
}

TEST(ProviderSearch, IsLostWhereNoneIsKnown) {
    const Json got =
        asked_of("{name: 'p', preset: 'cerebras', api_key: 'k', models: ['m']}", "m", true);
    EXPECT_EQ(got["tools"].size(), 1u);
    EXPECT_FALSE(got.contains("web_search_options"));
}

}  // namespace
}  // namespace ccr::adapt
