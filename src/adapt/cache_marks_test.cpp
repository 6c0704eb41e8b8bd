// What becomes of a client's cache marks at providers that speak Chat.
#include <fmt/format.h>
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

constexpr std::string_view kMarkedElsewhere =
    R"({"model":"m","max_tokens":9,"tools":[{"name":"a","input_schema":{"type":"object"}},)"
    R"({"name":"b","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral","ttl":"1h"}}],)"
    R"("messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw=="},"cache_control":{"type":"ephemeral"}}]},)"
    R"({"role":"assistant","content":[{"type":"tool_use","id":"t","name":"a","input":{},"cache_control":{"type":"ephemeral"}}]},)"
    R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"r"}]}]})";

// Whether the tool's mark stands, and what is told as lost of the marks.
std::pair<bool, std::string> marked_at(std::string_view provider, std::string_view model) {
    const Request request((std::string(kMarkedElsewhere)));
    const config::Provider at = fixture::provider(provider);
    const Json got = Json::parse(sent(at, request, model));
    EXPECT_FALSE(got["tools"][0].contains("cache_control"));
    EXPECT_FALSE(got["messages"][1]["tool_calls"][0].contains("cache_control"));
    std::string lost;
    for (const chat::Loss& loss : fixture::losses(at, request, model)) {
        if (loss.what.ends_with("cache marks")) lost = loss.what;
    }
    const Json mark = Json::parse(R"({"type":"ephemeral","ttl":"1h"})");
    return {got["tools"][1].value("cache_control", Json()) == mark, lost};
}

TEST(CacheMarks, StandOnToolsWhereTheProviderDocumentsThem) {
    const auto carried = std::pair(true, std::string("2 cache marks"));  // of image and call
    const auto lost = std::pair(false, std::string("3 cache marks"));
    const auto preset = [](std::string_view name, std::string_view more = "") {
        return fmt::format("{{name: 'p', preset: '{}', api_key: 'k', models: ['m']{}}}", name,
                           more);
    };
    EXPECT_EQ(marked_at(kOpenRouter, "anthropic/claude-opus-5"), carried);
    EXPECT_EQ(marked_at(preset("aihubmix"), "claude-opus-5"), carried);
    EXPECT_EQ(marked_at(preset("dashscope"), "qwen4-max"), lost);
    EXPECT_EQ(marked_at(kOpenRouter, "openai/gpt-5"), lost);
    EXPECT_EQ(marked_at(preset("openrouter", ", transformer: {use: ['cleancache']}"),
                        "anthropic/claude-opus-5"),
              lost);
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
