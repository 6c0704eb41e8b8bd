#include "cloud/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ccr::cloud {
namespace {

using config::Platform;
using config::Provider;
using testing::HasSubstr;

struct Case {
    Platform platform;
    Protocol speaks;
    std::string_view base, setting, model;  // setting: location, or Azure's version
    bool stream;
    std::string_view wanted;
};

class Address : public testing::TestWithParam<Case> {};

TEST_P(Address, IsThePlatforms) {
    const Case& c = GetParam();
    Provider provider;
    provider.platform = c.platform;
    provider.speaks = c.speaks;
    provider.base_url = c.base;
    provider.vertex.project = "p";
    provider.vertex.location = c.setting;
    provider.azure.api_version = c.setting;
    const auto got = address(provider, {c.model, c.stream, ""}, "of the codec");
    ASSERT_TRUE(got) << got.error().message;
    EXPECT_EQ(*got, c.wanted);
}

constexpr auto kClaude = Protocol::anthropic;
constexpr auto kGemini = Protocol::gemini;
constexpr auto kChat = Protocol::openai_chat;
constexpr auto kResponses = Protocol::openai_responses;

constexpr Case kCases[] = {
    {Platform::direct, kChat, "https://h/x", "", "m", true, "of the codec"},
    // Vertex: hosts
    {Platform::vertex, kClaude, "", "europe-west1", "claude-opus-4-8", true,
     "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/"
     "publishers/anthropic/models/claude-opus-4-8:streamRawPredict"},
    {Platform::vertex, kClaude, "", "global", "claude-sonnet-4-5@20250929", false,
     "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/anthropic/models/"
     "claude-sonnet-4-5@20250929:rawPredict"},
    {Platform::vertex, kClaude, "", "eu", "m", false,
     "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/publishers/anthropic/"
     "models/m:rawPredict"},
    {Platform::vertex, kClaude, "", "", "m", false,
     "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/"
     "anthropic/models/m:rawPredict"},
    {Platform::vertex, kGemini, "", "", "gemini-3.8-pro", true,
     "https://us-central1-aiplatform.googleapis.com/v1beta1/projects/p/locations/us-central1/"
     "publishers/google/models/gemini-3.8-pro:streamGenerateContent?alt=sse"},
    {Platform::vertex, kGemini, "", "us-west1", "m", false,
     "https://us-west1-aiplatform.googleapis.com/v1beta1/projects/p/locations/us-west1/publishers/"
     "google/models/m:generateContent"},
    // Vertex: configured URLs, as the reference takes them and as people write them
    {Platform::vertex, kGemini, "https://us-central1-aiplatform.googleapis.com/", "us-central1",
     "m", false,
     "https://us-central1-aiplatform.googleapis.com/v1beta1/projects/p/locations/us-central1/"
     "publishers/google/models/m:generateContent"},
    {Platform::vertex, kClaude, "https://us-central1-aiplatform.googleapis.com", "us-east5", "m",
     false,
     "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/"
     "anthropic/models/m:rawPredict"},
    {Platform::vertex, kClaude, "http://127.0.0.1:9/front/v1/", "l", "m", true,
     "http://127.0.0.1:9/front/v1/projects/p/locations/l/publishers/anthropic/models/"
     "m:streamRawPredict"},
    {Platform::vertex, kClaude,
     "https://h/v1/projects/q/locations/k/publishers/anthropic/models/x:rawPredict", "l", "m", true,
     "https://h/v1/projects/q/locations/k/publishers/anthropic/models/m:streamRawPredict"},
    {Platform::vertex, kChat,
     "https://h/v1/projects/q/locations/k/endpoints/openapi/chat/completions", "l", "m", true,
     "of the codec"},
    // Bedrock
    {Platform::bedrock, kClaude, "https://bedrock-runtime.us-east-1.amazonaws.com", "",
     "us.anthropic.claude-sonnet-4-5-20250929-v1:0", true,
     "https://bedrock-runtime.us-east-1.amazonaws.com/model/"
     "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke-with-response-stream"},
    {Platform::bedrock, kClaude, "https://h/", "",
     "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1", false,
     "https://h/model/"
     "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fa1/invoke"},
    {Platform::bedrock, kClaude, "https://h/x/model/old/invoke", "", "m", false,
     "https://h/x/model/m/invoke"},
    {Platform::bedrock, kChat, "https://h", "", "m", false, "https://h/openai/v1/chat/completions"},
    {Platform::bedrock, kChat, "https://h/openai/v1/chat/completions", "", "m", false,
     "of the codec"},
    // Azure: from the resource
    {Platform::azure, kChat, "https://r.openai.azure.com", "", "gpt", true,
     "https://r.openai.azure.com/openai/v1/chat/completions"},
    {Platform::azure, kChat, "https://r.openai.azure.com/openai/v1/", "preview", "gpt", true,
     "https://r.openai.azure.com/openai/v1/chat/completions?api-version=preview"},
    {Platform::azure, kChat, "https://r.openai.azure.com/", "2025-04-01-preview", "my gpt", true,
     "https://r.openai.azure.com/openai/deployments/my%20gpt/chat/"
     "completions?api-version=2025-04-01-"
     "preview"},
    {Platform::azure, kChat, "https://r.openai.azure.com/openai/deployments", "", "gpt", true,
     "https://r.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21"},
    {Platform::azure, kChat, "https://r.openai.azure.com/openai/deployments/d", "", "gpt", true,
     "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21"},
    {Platform::azure, kResponses, "https://r.openai.azure.com", "", "gpt", true,
     "https://r.openai.azure.com/openai/v1/responses"},
    {Platform::azure, kResponses, "https://r.openai.azure.com/openai", "v", "gpt", true,
     "https://r.openai.azure.com/openai/responses?api-version=v"},
    {Platform::azure, kClaude, "https://r.services.ai.azure.com", "", "claude", true,
     "https://r.services.ai.azure.com/anthropic/v1/messages"},
    {Platform::azure, kClaude, "https://r.services.ai.azure.com/anthropic/", "", "claude", true,
     "https://r.services.ai.azure.com/anthropic/v1/messages"},
    // Azure: complete
    {Platform::azure, kChat,
     "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=w", "v", "gpt",
     true, "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=w"},
    {Platform::azure, kChat,
     "https://r.openai.azure.com/openai/deployments/{deployment}/chat/completions", "v", "gpt",
     true, "https://r.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=v"},
    {Platform::azure, kClaude, "https://r.services.ai.azure.com/anthropic/v1/messages", "", "c",
     true, "https://r.services.ai.azure.com/anthropic/v1/messages"},
};
INSTANTIATE_TEST_SUITE_P(All, Address, testing::ValuesIn(kCases));

TEST(VertexAddress, TheCredentialsMayNameTheProject) {
    Provider provider;
    provider.name = "v";
    provider.platform = Platform::vertex;
    provider.speaks = Protocol::anthropic;
    provider.vertex.location = "l";
    EXPECT_THAT(*address(provider, {"m", false, "of-the-key"}, ""),
                HasSubstr("/projects/of-the-key/locations/l/"));
    const auto none = address(provider, {"m", false, ""}, "");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::config);
    EXPECT_THAT(none.error().message, HasSubstr("GOOGLE_CLOUD_PROJECT"));
}

TEST(AzureAddress, ADeploymentOfAnotherNameThanTheModel) {
    Provider provider;
    provider.platform = Platform::azure;
    provider.base_url = "https://r.openai.azure.com";
    provider.azure = {"prod-gpt", "v"};
    EXPECT_EQ(
        *address(provider, {"gpt-5.5", true, ""}, ""),
        "https://r.openai.azure.com/openai/deployments/prod-gpt/chat/completions?api-version=v");
}

}  // namespace
}  // namespace ccr::cloud
