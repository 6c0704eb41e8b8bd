#include "adapt/media_urls.h"

#include <gtest/gtest.h>

#include "adapt/adapt_fixture.h"

namespace ccr::adapt {
namespace {

struct Case {
    const char* provider;  // beside its name and models
    const char* kind;
    const char* url;
    bool is_refused;
};

constexpr const char* kChat =
    "api_base_url: 'https://api.example.com/v1/chat/completions', api_key: 'k'";
constexpr const char* kAnthropic =
    "api_base_url: 'https://api.anthropic.com/v1/messages', api_key: 'k'";
constexpr const char* kBedrock =
    "aws: {region: 'r', access_key_id: 'a', secret_access_key: 'fake-secret'}";
constexpr const char* kVertexClaude =
    "vertex: {project: 'p', location: 'eu'}, transformer: {use: ['vertex-claude']}";
constexpr const char* kGemini =
    "api_base_url: 'https://generativelanguage.googleapis.com/v1beta/models/', api_key: 'k'";
constexpr const char* kOllama =
    "api_base_url: 'http://localhost:11434/v1/chat/completions', api_key: 'k'";
constexpr const char* kTold =
    "api_base_url: 'https://api.example.com/v1/chat/completions', api_key: 'k', "
    "traits: {media_urls: false}";
constexpr const char* kBlind =
    "api_base_url: 'https://api.example.com/v1/chat/completions', api_key: 'k', "
    "traits: {media_urls: false, vision: false}";

TEST(MediaUrls, WhoTakesWhatByUrl) {
    for (const Case& c : {Case{kChat, "image", "https://h/a", false},
                          {kChat, "document", "https://h/a", true},
                          {kChat, "image", "gs://bucket/a", true},
                          {kAnthropic, "image", "https://h/a", false},
                          {kAnthropic, "document", "https://h/a", false},
                          {kAnthropic, "image", "http://h/a", true},
                          {kBedrock, "image", "https://h/a", true},
                          {kVertexClaude, "image", "https://h/a", true},
                          {kGemini, "image", "https://h/a", false},
                          {kGemini, "document", "gs://bucket/a", false},
                          {kOllama, "image", "https://h/a", true},
                          {kTold, "image", "https://h/a", true},
                          {kBlind, "image", "https://h/a", false},
                          {kBlind, "document", "https://h/a", true}}) {
        const auto provider =
            fixture::provider(std::string("{name: 'p', models: ['m'], ") + c.provider + "}");
        const std::string block = std::string(R"({"type":")") + c.kind +
                                  R"(","source":{"type":"url","url":")" + c.url + R"("}})";
        fixture::Request request(
            R"({"model":"x","max_tokens":1,"messages":[{"role":"user","content":[)" + block +
            R"(,{"type":"tool_result","tool_use_id":"t","content":[)" + block + "]}]}]}");
        const auto refused =
            media_by_refused_url(request.conversation, provider, "m", speaks(provider, "m"));
        EXPECT_EQ(refused.size(), c.is_refused ? 2u : 0u) << c.provider << " " << block;
    }
}

}  // namespace
}  // namespace ccr::adapt
