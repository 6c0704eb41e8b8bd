// What becomes of a client's cache marks at providers that speak Chat.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapt/adapt_fixture.h"

namespace ccr::adapt {
namespace {

using fixture::Request;
using fixture::sent;
using Json = nlohmann::json;

constexpr std::string_view kMarked =
    R"({"model":"m","max_tokens":9,"metadata":{"user_id":"user_1_account__session_abc"},)"
    R"("system":[{"type":"text","text":"one","cache_control":{"type":"ephemeral","ttl":"1h","scope":"global"}},)"
    R"({"type":"text","text":"two"},{"type":"text","text":"three"}],)"
    R"("messages":[{"role":"user","content":[{"type":"text","text":"q"}]},)"
    R"({"role":"assistant","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},)"
    R"({"type":"tool_use","id":"t","name":"Read","input":{}}]},)"
    R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"r","cache_control":{"type":"ephemeral"}},)"
    R"({"type":"text","text":"go"},{"type":"text","text":"on","cache_control":{"type":"ephemeral"}}]}]})";

Json messages_at(std::string_view provider, std::string_view model) {
    const Request request((std::string(kMarked)));
    return Json::parse(sent(fixture::provider(provider), request, model));
}

constexpr std::string_view kOpenRouter =
    "{name: 'p', preset: 'openrouter', api_key: 'k', models: ['m']}";

TEST(CacheMarks, StandOnThePartsOfAMessageWhereTheModelTakesThem) {
    const Json got = messages_at(kOpenRouter, "anthropic/claude-opus-5");
    EXPECT_EQ(got["messages"], Json::parse(R"([
        {"role":"system","content":[
            {"type":"text","text":"one","cache_control":{"type":"ephemeral","ttl":"1h"}},
            {"type":"text","text":"two\n\nthree"}]},
        {"role":"user","content":"q"},
        {"role":"assistant","content":[
            {"type":"text","text":"a","cache_control":{"type":"ephemeral"}}],
         "tool_calls":[{"id":"t","type":"function","function":{"name":"Read","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"t","content":[
            {"type":"text","text":"r","cache_control":{"type":"ephemeral"}}]},
        {"role":"user","content":[
            {"type":"text","text":"go"},
            {"type":"text","text":"on","cache_control":{"type":"ephemeral"}}]}])"));
}

TEST(CacheMarks, AreLeftOutElsewhereAndTheTextIsOneString) {
    const Json got = messages_at(kOpenRouter, "openai/gpt-5");
    EXPECT_EQ(got.dump().find("cache_control"), std::string::npos);
    EXPECT_EQ(got["messages"][0]["content"], "one\n\ntwo\n\nthree");
    EXPECT_FALSE(got.contains("prompt_cache_key"));
}

TEST(CacheMarks, BecomeTheSessionAsOpenAIsKey) {
    const Json got =
        messages_at("{name: 'p', preset: 'openai', api_key: 'k', models: ['m']}", "gpt-5");
    EXPECT_EQ(got["prompt_cache_key"], "abc");
    EXPECT_EQ(got.dump().find("cache_control"), std::string::npos);
}

TEST(CacheMarks, AnythingCanBeSaidOtherwiseInTheConfiguration) {
    const Json got = messages_at(
        "{name: 'p', preset: 'openrouter', api_key: 'k', models: ['m'], traits: {cache_key: true, "
        "models: {'anthropic/*': {cache_marks: false}}}}",
        "anthropic/claude-opus-5");
    EXPECT_EQ(got.dump().find("cache_control"), std::string::npos);
    EXPECT_EQ(got["prompt_cache_key"], "abc");
}

}  // namespace
}  // namespace ccr::adapt
