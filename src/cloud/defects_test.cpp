// Defects of the reference's Vertex transformers (T of its list), each a test of its number.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cloud/address.h"
#include "cloud/claude_request.h"
#include "json/document.h"

namespace ccr::cloud {
namespace {

using testing::EndsWith;
using testing::StartsWith;

config::Provider vertex(Protocol speaks) {
    config::Provider out;
    out.platform = config::Platform::vertex;
    out.speaks = speaks;
    out.vertex.project = "p";
    return out;
}

/// Each named member of `body` on Vertex, as it stands in the client's request.
void expect_kept(std::string_view body, std::initializer_list<std::string_view> names) {
    chat::Losses losses;
    const std::string sent =
        claude_body(vertex(Protocol::anthropic), std::string(body), {}, losses);
    json::Document before, after;
    const auto asked = before.parse(body), got = after.parse(sent);
    ASSERT_TRUE(asked && got) << sent;
    for (const std::string_view name : names) {
        ASSERT_TRUE((*asked)[name]) << name;
        EXPECT_EQ((*got)[name].raw(), (*asked)[name].raw()) << name;
    }
    EXPECT_TRUE(losses.empty());
}

TEST(Defects, T21_AStreamOfVertexIsOneOfServerSentEvents) {
    EXPECT_THAT(*address(vertex(Protocol::gemini), {"m", true, ""}, ""),
                EndsWith(":streamGenerateContent?alt=sse"));
}

TEST(Defects, T22_ToolsSystemAndImagesReachClaudeWhole) {
    expect_kept(
        R"({"model":"m","max_tokens":5,"system":[{"type":"text","text":"s"}],"messages":[)"
        R"({"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"n","input":{}}]},)"
        R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"r"},)"
        R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"eA=="}}]}]})",
        {"system", "messages"});
}

TEST(Defects, T23_ToolChoiceLimitAndTemperatureStay) {
    expect_kept(R"({"model":"m","max_tokens":64000,"temperature":0,"tool_choice":{"type":"any"},)"
                R"("messages":[]})",
                {"max_tokens", "temperature", "tool_choice"});
}

TEST(Defects, T35_AConfiguredHostIsKept) {
    config::Provider provider = vertex(Protocol::anthropic);
    provider.base_url = "https://front.example/vertex";
    EXPECT_THAT(*address(provider, {"m", true, ""}, ""),
                StartsWith("https://front.example/vertex/v1/projects/p/"));
}

}  // namespace
}  // namespace ccr::cloud
