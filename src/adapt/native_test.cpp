#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapt/adapt_fixture.h"

namespace ccr::adapt {
namespace {

using fixture::chunk;
using fixture::Request;
using fixture::sent;
using fixture::shown;
using fixture::streamed;
using Json = nlohmann::json;

config::Provider with(std::string_view traits) {
    return fixture::provider(
        "{name: 'p', api_base_url: 'https://api.example.com/v1/chat/completions', api_key: 'k', "
        "models: ['m'], traits: " +
        std::string(traits) + "}");
}

TEST(Native, ToolNamesThatOthersRefuseTravelUnderAnAliasAndComeBack) {
    const std::string longer(90, 'n');
    const Request request(
        R"({"model":"x","max_tokens":1,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":")" +
        longer +
        R"(","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"r"}]}],"tools":[{"name":")" +
        longer +
        R"(","input_schema":{}},{"name":"a.b","input_schema":{}},{"name":"fine","input_schema":{}},{"name":"21st_ui","input_schema":{}}]})");
    const auto provider = with("{}");
    const Json body = Json::parse(sent(provider, request));
    const std::string alias = body["tools"][0]["function"]["name"];
    EXPECT_EQ(alias.size(), 64u);
    EXPECT_EQ(body["messages"][1]["tool_calls"][0]["function"]["name"], alias);
    EXPECT_EQ(body["tools"][2]["function"]["name"], "fine");
    const std::string dotted = body["tools"][1]["function"]["name"];
    EXPECT_EQ(dotted.find('.'), std::string::npos);
    // Kimi, "ToolDefinition": ^[a-zA-Z_][a-zA-Z0-9-_]{0,255}$
    EXPECT_TRUE(body["tools"][3]["function"]["name"].get<std::string>().starts_with("_21st_ui_"));
    EXPECT_EQ(shown(streamed(provider, request,
                             {chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":")" +
                                    dotted + R"(","arguments":"{}"}}]})"),
                              chunk("", "tool_calls"), "[DONE]"},
                             1)),
              "call:a.b{}|tool_use");
}

TEST(Native, AnEditedCopyKeepsAllThatWasAsked) {
    const Request request(
        R"({"model":"x","verbosity":"low","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://h/a.png"}}]}]})",
        Protocol::openai_chat);
    const Json body = Json::parse(sent(with("{vision: false}"), request));
    EXPECT_EQ(body["verbosity"], "low");
}

TEST(Native, ImagesBecomeANoteAndALossWhereNobodySeesThem) {
    const Request request(
        R"({"model":"x","max_tokens":1,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},{"type":"text","text":"what"}]}]})");
    const auto blind = with("{vision: false}");
    const std::string body = sent(blind, request);
    EXPECT_EQ(body.find("AAAA"), std::string::npos);
    EXPECT_NE(body.find("cannot see images"), std::string::npos);
    Plan plan(blind, "m", request.conversation, false);
    plan.request(request.conversation);
    ASSERT_EQ(plan.losses().size(), 1u);
    EXPECT_EQ(plan.losses()[0].what, "image");
    EXPECT_NE(sent(with("{}"), request).find("AAAA"), std::string::npos);
}

// DeepSeek: "Thinking mode", tool calls; Kimi alike.
TEST(Native, A7ReasoningGoesBackBesideToolCallsWhoeverMadeIt) {
    const Request request(
        R"({"model":"x","max_tokens":1,"thinking":{"type":"adaptive"},"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"thinking","thinking":"why","signature":"s"},{"type":"tool_use","id":"t","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"r"}]},{"role":"assistant","content":[{"type":"tool_use","id":"u","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"u","content":"r"}]}],"tools":[{"name":"f","input_schema":{}}]})");
    const Json body = Json::parse(sent(with("{reasoning_field: 'reasoning_content'}"), request));
    EXPECT_EQ(body["messages"][1]["reasoning_content"], "why");
    EXPECT_EQ(body["messages"][3]["reasoning_content"], " ");
    EXPECT_FALSE(
        Json::parse(sent(with("{}"), request))["messages"][1].contains("reasoning_content"));
}

TEST(Native, ToolCallsWrittenAsTextAreCalls) {
    const auto weak = with("{text_tool_calls: true}");
    const Request request(
        R"({"model":"x","max_tokens":1,"messages":[{"role":"user","content":"q"}],"tools":[{"name":"Read","input_schema":{}}]})");
    const std::vector<std::string> json = {
        chunk(R"({"content":"Let me see.\n<tool_"})"),
        chunk(
            R"({"content":"call>\n{\"name\": \"Read\", \"arguments\": {\"path\": \"a\"}}\n</tool_call>\n<tool_call>{\"name\":\"Read\",\"arguments\":{}}</tool_call>"})"),
        chunk("", "stop"), "[DONE]"};
    for (const std::size_t piece : {1u, 13u, 100000u})
        EXPECT_EQ(shown(streamed(weak, request, json, piece)),
                  "text:Let me see.\n|call:Read{\"path\": \"a\"}|call:Read{}|tool_use");
    const std::vector<std::string> tagged = {
        chunk(
            R"({"content":"<tool_call><function=Read><parameter=path>\na b\n</parameter><parameter=n>3</parameter></function></tool_call>"})"),
        chunk("", "stop"), "[DONE]"};
    EXPECT_EQ(shown(streamed(weak, request, tagged)), R"(call:Read{"path":"a b","n":3}|tool_use)");
    const std::vector<std::string> prose = {chunk(R"({"content":"a <tool_call> is a tag"})"),
                                            chunk("", "stop"), "[DONE]"};
    EXPECT_EQ(shown(streamed(weak, request, prose)), "text:a <tool_call> is a tag|end_turn");
}

TEST(Native, ThinkingIsAskedForInTheProvidersOwnWords) {
    const auto asked = [](std::string_view style, std::string_view thinking) {
        const Request request(
            R"({"model":"x","max_tokens":1,"messages":[{"role":"user","content":"q"}],"thinking":)" +
            std::string(thinking) + "}");
        Json body = Json::parse(sent(with("{thinking: '" + std::string(style) + "'}"), request));
        Json out;
        for (const char* name :
             {"reasoning_effort", "thinking", "enable_thinking", "thinking_budget", "reasoning"}) {
            if (body.contains(name)) out[name] = body[name];
        }
        return out.dump();
    };
    constexpr std::string_view kBudget = R"({"type":"enabled","budget_tokens":5000})";
    constexpr std::string_view kOff = R"({"type":"disabled"})";
    EXPECT_EQ(asked("thinking", kBudget), R"({"thinking":{"type":"enabled"}})");
    EXPECT_EQ(asked("thinking", kOff), R"({"thinking":{"type":"disabled"}})");
    EXPECT_EQ(asked("enable_thinking", kBudget),
              R"({"enable_thinking":true,"thinking_budget":5000})");
    EXPECT_EQ(asked("enable_thinking", kOff), R"({"enable_thinking":false})");
    EXPECT_EQ(asked("reasoning", kBudget), R"({"reasoning":{"max_tokens":5000}})");
    EXPECT_EQ(asked("reasoning", R"({"type":"adaptive"})"), R"({"reasoning":{"effort":"high"}})");
    EXPECT_EQ(asked("reasoning", kOff), R"({"reasoning":{"enabled":false}})");
    EXPECT_EQ(asked("none", kBudget), "null");
    EXPECT_EQ(asked("reasoning_effort", kBudget), R"({"reasoning_effort":"medium"})");
}

}  // namespace
}  // namespace ccr::adapt
