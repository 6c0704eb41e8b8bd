#include "gateway/count_question.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "config/loader.h"

namespace ccr::gateway {
namespace {

using Json = nlohmann::json;
using Format = config::CountEndpoint::Format;

constexpr std::string_view kRequest =
    R"({"model":"claude-x","max_tokens":5,"stream":true,"metadata":{"user_id":"u"},"system":"Be.",)"
    R"("thinking":{"type":"enabled","budget_tokens":2000},"tools":[{"name":"t","description":"d",)"
    R"("input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"Hi"}]})";

/// What a server would be asked about kRequest for the model "m" of a provider at `url`.
std::optional<CountQuestion> asked(std::string_view url, config::CountEndpoint endpoint) {
    const std::string text = "{Providers: [{name: 'p', api_base_url: '" + std::string(url) +
                             "', api_key: 'k', models: ['m']}]}";
    const auto config =
        config::parse_config(text, "c.json5", [](auto) { return std::optional<std::string>(); });
    const std::string body(kRequest);
    json::Document document;
    const json::View root = *document.parse(body);
    const auto conversation = wire::codec_of(Protocol::anthropic)->decode_request(root, {});
    const std::string model = "m";
    return count_question(
        endpoint, {Protocol::anthropic, root, *conversation, config->providers.at(0), model});
}

TEST(CountQuestion, AnthropicsHasNothingThatItsEndpointRefuses) {
    const auto question = asked("https://h/v1/messages?x=1", {});
    ASSERT_TRUE(question);
    EXPECT_EQ(question->url, "https://h/v1/messages/count_tokens?x=1");
    EXPECT_EQ(question->headers.get("x-api-key"), "k");
    const Json body = Json::parse(question->body);
    Json wanted = Json::parse(kRequest);
    for (const char* name : {"max_tokens", "stream", "metadata"}) wanted.erase(name);
    wanted["model"] = "m";
    EXPECT_EQ(body, wanted);
    EXPECT_EQ(question->field, "input_tokens");
}

TEST(CountQuestion, OtherProtocolsAreAskedInTheirOwn) {
    const auto responses = asked("https://h/v1/responses", {});
    ASSERT_TRUE(responses);
    EXPECT_EQ(responses->url, "https://h/v1/responses/input_tokens");
    const Json body = Json::parse(responses->body);
    EXPECT_TRUE(body.contains("input") && body.contains("tools")) << body;
    EXPECT_FALSE(body.contains("max_output_tokens") || body.contains("store")) << body;

    const auto gemini = asked("https://h/v1beta/models/", {});
    ASSERT_TRUE(gemini);
    EXPECT_EQ(gemini->url, "https://h/v1beta/models/m:countTokens");
    const Json nested = Json::parse(gemini->body)["generateContentRequest"];
    EXPECT_EQ(nested["model"], "models/m");
    EXPECT_TRUE(nested.contains("contents") && nested.contains("systemInstruction")) << nested;
    EXPECT_EQ(gemini->field, "totalTokens");

    EXPECT_FALSE(asked("https://h/v1/chat/completions", {}));
}

TEST(CountQuestion, TheReferencesFormats) {
    config::CountEndpoint endpoint{Format::standard, "https://c/count", "key", "n", {{"x-a", "1"}}};
    const auto standard = asked("https://h/v1/chat/completions", endpoint);
    ASSERT_TRUE(standard);
    EXPECT_EQ(standard->url, "https://c/count");
    EXPECT_EQ(standard->headers.get("authorization"), "Bearer key");
    EXPECT_EQ(standard->headers.get("x-a"), "1");
    Json wanted = Json::parse(kRequest);
    for (const char* name : {"model", "max_tokens", "stream", "metadata", "thinking"})
        wanted.erase(name);
    EXPECT_EQ(Json::parse(standard->body), wanted);

    endpoint.format = Format::custom;
    EXPECT_EQ(Json::parse(asked("https://h/v1/messages", endpoint)->body),
              Json({{"text", R"(Be. Hi t d {"type":"object"})"}}));

    endpoint.format = Format::openai;
    const Json chat = Json::parse(asked("https://h/v1/messages", endpoint)->body);
    EXPECT_EQ(chat["model"], "m");
    EXPECT_EQ(chat["messages"].size(), 2u);
    EXPECT_EQ(chat["tools"].size(), 1u);
    EXPECT_EQ(chat.size(), 3u);
}

TEST(CountQuestion, TheNumberIsWhereTheFieldSays) {
    EXPECT_EQ(counted_in(R"({"a":{"b":7}})", "a.b").value_or(-1), 7);
    for (const char* answer : {R"({"a":7})", R"({"a":{"b":"7"}})", R"({"a":{"b":-7}})", "no", ""})
        EXPECT_FALSE(counted_in(answer, "a.b")) << answer;
}

}  // namespace
}  // namespace ccr::gateway
