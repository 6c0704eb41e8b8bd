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

TEST(ProviderSearch, IsLostWhereNoneIsKnown) {
    const Json got =
        asked_of("{name: 'p', preset: 'groq', api_key: 'k', models: ['m']}", "m", true);
    EXPECT_EQ(got["tools"].size(), 1u);
    EXPECT_FALSE(got.contains("web_search_options"));
}

}  // namespace
}  // namespace ccr::adapt
