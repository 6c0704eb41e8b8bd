#include "cloud/claude_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cloud/refusal.h"

namespace ccr::cloud {
namespace {

using config::Platform;
using config::Provider;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Provider on(Platform platform) {
    Provider out;
    out.platform = platform;
    out.speaks = Protocol::anthropic;
    return out;
}

constexpr std::string_view kBody =
    R"({ "model": "m", "messages": [ {"role":"user","content":"\u00e9 1.0"} ],)"
    R"( "tags": {"a":1}, "max_tokens": 1e3, "stream": true })";

TEST(ClaudeBody, OnVertexTheModelGivesWayToTheVersion) {
    chat::Losses losses;
    EXPECT_EQ(claude_body(on(Platform::vertex), std::string(kBody), {"beta-1"}, losses),
              R"({"anthropic_version":"vertex-2023-10-16",)"
              R"("messages":[ {"role":"user","content":"\u00e9 1.0"} ],)"
              R"("max_tokens":1e3,"stream":true})");
    ASSERT_EQ(losses.size(), 1u);
    EXPECT_EQ(losses[0].what, "tags");
}

TEST(ClaudeBody, OnBedrockTheStreamAndTheBetasMove) {
    chat::Losses losses;
    EXPECT_EQ(claude_body(on(Platform::bedrock), std::string(kBody),
                          {"interleaved-thinking-2025-05-14", "claude-code-20250219"}, losses),
              R"({"anthropic_version":"bedrock-2023-05-31",)"
              R"("messages":[ {"role":"user","content":"\u00e9 1.0"} ],"max_tokens":1e3,)"
              R"("anthropic_beta":["interleaved-thinking-2025-05-14"]})");
    ASSERT_EQ(losses.size(), 2u);
    EXPECT_EQ(losses[1].what, "claude-code-20250219");
}

TEST(ClaudeBody, BetasOfTheBodyStayAndAVersionOfTheBodyGives) {
    chat::Losses losses;
    const std::string body =
        R"({"anthropic_version":"x","anthropic_beta":["context-1m-2025-08-07"]})";
    EXPECT_EQ(claude_body(on(Platform::bedrock), body, {"context-1m-2025-08-07"}, losses),
              R"({"anthropic_version":"bedrock-2023-05-31",)"
              R"("anthropic_beta":["context-1m-2025-08-07"]})");
    EXPECT_EQ(claude_body(on(Platform::bedrock), "{}", {}, losses),
              R"({"anthropic_version":"bedrock-2023-05-31"})");
    EXPECT_THAT(losses, IsEmpty());
}

TEST(ClaudeBody, AListOfTheUsersOwnDecidesOnBetas) {
    Provider provider = on(Platform::bedrock);
    provider.aws.betas = "claude-code-20250219, x";
    chat::Losses losses;
    EXPECT_THAT(claude_body(provider, "{}", {"x", "effort-2025-11-24"}, losses),
                HasSubstr(R"("anthropic_beta":["x"])"));
    provider.aws.betas = "";
    EXPECT_THAT(claude_body(provider, "{}", {"x"}, losses), Not(HasSubstr("anthropic_beta")));
}

TEST(ClaudeBody, RefusedBetasGoAndAreTold) {
    const std::string body = R"({"a":1,"anthropic_beta":["x","y"]})";
    chat::Losses losses;
    EXPECT_EQ(without_refused_betas(on(Platform::bedrock), body, "...: invalid beta flag", losses),
              R"({"a":1})");
    EXPECT_EQ(losses.size(), 2u);
    EXPECT_EQ(without_refused_betas(on(Platform::bedrock), body, "too many tokens", losses), "");
    EXPECT_EQ(without_refused_betas(on(Platform::vertex), body, "invalid beta flag", losses), "");
    EXPECT_EQ(without_refused_betas(on(Platform::bedrock), "{}", "invalid beta flag", losses), "");
}

TEST(ClaudeHeaders, BetasStayInTheHeaderOnVertexOnly) {
    const net::Headers client{{"anthropic-version", "2023-06-01"},
                              {"anthropic-beta", "a, b"},
                              {"Anthropic-Beta", "b,c"},
                              {"accept", "text/event-stream"}};
    EXPECT_THAT(betas_of(client), ElementsAre("a", "b", "c"));
    net::Headers vertex = client, bedrock = client;
    claude_headers(on(Platform::vertex), true, vertex);
    EXPECT_EQ(vertex.count("anthropic-beta"), 2u);
    EXPECT_EQ(vertex.count("anthropic-version"), 0u);
    claude_headers(on(Platform::bedrock), true, bedrock);
    EXPECT_EQ(bedrock.count("anthropic-beta"), 0u);
    EXPECT_EQ(bedrock.get("accept"), "application/vnd.amazon.eventstream");
}

TEST(Refusal, OfBedrockIsAnErrorOfTheProtocol) {
    const net::Headers headers{{"x-amzn-errortype", "ThrottlingException:http://internal"}};
    EXPECT_EQ(refusal(on(Platform::bedrock), 400, headers, R"({"message":"Too many requests"})"),
              R"({"type":"error","error":{"type":"rate_limit_error",)"
              R"("message":"Too many requests"}})");
    EXPECT_THAT(
        refusal(on(Platform::bedrock), 403, {}, R"({"Message":"Signature expired: 2026 is now."})"),
        HasSubstr("is now; set this machine's clock right"));
    EXPECT_THAT(refusal(on(Platform::bedrock), 403, {}, R"({"message":"no"})"),
                HasSubstr(R"("type":"permission_error","message":"no")"));
    EXPECT_EQ(refusal(on(Platform::bedrock), 403, {}, "<html>"), "<html>");
}

TEST(Refusal, OfVertexIsUnwrapped) {
    EXPECT_EQ(refusal(on(Platform::vertex), 400, {}, R"([{"error":{"message":"no"}}])"),
              R"({"error":{"message":"no"}})");
    EXPECT_THAT(refusal(on(Platform::vertex), 400, {},
                        R"({"error":{"message":"Request size exceeds 30MB"}})"),
                HasSubstr(R"("message":"Input is too long.")"));
    EXPECT_EQ(refusal(on(Platform::vertex), 400, {}, R"({"error":{"message":"no"}})"),
              R"({"error":{"message":"no"}})");
    EXPECT_EQ(refusal(on(Platform::direct), 400, {}, R"([{"error":1}])"), R"([{"error":1}])");
}

}  // namespace
}  // namespace ccr::cloud
