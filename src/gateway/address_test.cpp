#include "gateway/address.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

#include "wire/codec.h"

namespace ccr::gateway {
namespace {

using Fields = std::initializer_list<std::pair<std::string, std::string>>;

net::RequestHead head(std::string_view method, std::string_view target, Fields fields = {}) {
    net::RequestHead out;
    out.method = method;
    out.target = target;
    out.path = target.substr(0, target.find('?'));
    if (out.path.size() < target.size()) out.query = target.substr(out.path.size() + 1);
    for (const auto& [name, value] : fields) out.headers.add(name, value);
    return out;
}

// "page protocol [model] [stream|array]", or "error: kind".
std::string told(const net::RequestHead& request) {
    static constexpr std::array kPages = {"banner", "health", "hello", "models",
                                          "model",  "answer", "count"};
    const auto address = address_of(request);
    if (!address) return fmt::format("error: {}", traits_of(address.error().kind).name);
    std::string out = fmt::format("{} {}", kPages.at(static_cast<std::size_t>(address->page)),
                                  name_of(address->client));
    if (!address->model.empty()) out += " " + address->model;
    if (address->stream) out += " stream";
    if (address->as_array) out += " array";
    return out;
}

std::string told(std::string_view method, std::string_view target, Fields fields = {}) {
    return told(head(method, target, fields));
}

bool spoken(Protocol protocol) {
    return wire::codec_of(protocol) != nullptr;
}

TEST(Address, EveryWireWithItsVersionAndWithout) {
    for (const char* version : {"/v1", ""}) {
        const std::string v = version;
        EXPECT_EQ(told("POST", v + "/messages"), "answer anthropic");
        EXPECT_EQ(told("POST", v + "/messages?beta=true"), "answer anthropic");
        EXPECT_EQ(told("POST", v + "/messages/count_tokens"), "count anthropic");
        EXPECT_EQ(told("POST", v + "/chat/completions"), "answer chat");
        if (!spoken(Protocol::openai_responses)) continue;
        EXPECT_EQ(told("POST", v + "/responses"), "answer responses");
        EXPECT_EQ(told("POST", v + "/responses/input_tokens"), "count responses");
    }
}

TEST(Address, ProbesArePublic) {
    for (const char* path : {"/", "/health", "/api/hello"}) {
        EXPECT_TRUE(address_of(head("GET", path))->is_public) << path;
        EXPECT_TRUE(address_of(head("HEAD", path))) << path;
    }
    EXPECT_FALSE(address_of(head("POST", "/v1/messages"))->is_public);
    EXPECT_FALSE(address_of(head("GET", "/v1/models"))->is_public);
}

TEST(Address, TheWebInterfaceNamesTheCommandsInItsPlace) {
    for (const char* path : {"/ui", "/ui/", "/ui/index.html", "/api/config", "/providers"}) {
        const auto refused = address_of(head("GET", path));
        ASSERT_FALSE(refused) << path;
        EXPECT_EQ(refused.error().status, 404);
        EXPECT_NE(refused.error().message.find("`ccr config`"), std::string::npos) << path;
    }
}

TEST(Address, WhatIsNotThereSaysWhatIs) {
    for (const char* path : {"/v1", "/v2/messages", "/v1/health", "/v1/v1/messages", "/v1messages",
                             "/v1beta/messages", "/v1/models/", "/v1beta", ""}) {
        EXPECT_EQ(told("POST", path), "error: not_found") << path;
    }
    EXPECT_EQ(told("GET", "/v1/messages"), "error: method_not_allowed");
    EXPECT_EQ(told("POST", "/v1/models"), "error: method_not_allowed");
    EXPECT_EQ(told("DELETE", "/v1/models/x"), "error: method_not_allowed");
    const std::string message = address_of(head("POST", "/nowhere")).error().message;
    EXPECT_NE(message.find("/v1/messages, /v1/chat/completions"), std::string::npos) << message;
}

TEST(Address, GeminiNamesItsModelInThePath) {
    if (!spoken(Protocol::gemini)) GTEST_SKIP() << "the codec is not here";
    for (const char* version : {"/v1beta", "/v1alpha", "/v1", ""}) {
        const std::string models = std::string(version) + "/models/";
        EXPECT_EQ(told("POST", models + "gemini-3-pro:generateContent"),
                  "answer gemini gemini-3-pro");
        EXPECT_EQ(told("POST", models + "m:streamGenerateContent?alt=sse"),
                  "answer gemini m stream");
        EXPECT_EQ(told("POST", models + "m:countTokens"), "count gemini m");
    }
    EXPECT_EQ(told("POST", "/v1beta/models/m:streamGenerateContent?key=k"),
              "answer gemini m array");
    for (const char* name :
         {"ollama,qwen3:8b", "ollama%2Cqwen3%3A8b", "models/ollama,qwen3:8b", "ollama,qwen3%3a8b"})
        EXPECT_EQ(told("POST", fmt::format("/v1beta/models/{}:generateContent", name)),
                  "answer gemini ollama,qwen3:8b");
    for (const char* name : {"openrouter,x-ai/grok-4", "openrouter%2Cx-ai%2Fgrok-4"})
        EXPECT_EQ(told("POST", fmt::format("/v1beta/models/{}%3AgenerateContent", name)),
                  "answer gemini openrouter,x-ai/grok-4");
    for (const char* rest : {"m", "m:embedContent", "m:", "m:generatecontent", ":"})
        EXPECT_EQ(told("POST", fmt::format("/v1beta/models/{}", rest)), "error: not_found") << rest;
}

TEST(Address, TheListOfModelsIsInItsReadersShape) {
    EXPECT_EQ(told("GET", "/v1/models", {{"anthropic-version", "2023-06-01"}}), "models anthropic");
    EXPECT_EQ(told("GET", "/v1/models", {{"user-agent", "claude-cli/2.1"}}), "models anthropic");
    EXPECT_EQ(told("GET", "/v1/models", {{"authorization", "Bearer k"}}), "models chat");
    EXPECT_EQ(told("HEAD", "/models"), "models chat");
    EXPECT_EQ(told("GET", "/v1/models/openrouter%2Cx-ai%2Fgrok-4"),
              "model chat openrouter,x-ai/grok-4");
    if (!spoken(Protocol::gemini)) return;
    EXPECT_EQ(told("GET", "/v1beta/models?pageSize=50"), "models gemini");
    EXPECT_EQ(told("GET", "/v1/models", {{"x-goog-api-key", "k"}}), "models gemini");
    EXPECT_EQ(told("GET", "/v1beta/models/main,big"), "model gemini main,big");
}

TEST(Reader, IsToldByThePathAndElseByTheHeaders) {
    EXPECT_EQ(reader_of_target("/v1/messages"), Protocol::anthropic);
    EXPECT_EQ(reader_of_target("/v1/chat/completions?x=1"), Protocol::openai_chat);
    EXPECT_EQ(reader_of_target(""), Protocol::anthropic);
    EXPECT_EQ(reader_of_target("/v1/chat/completionsx"), Protocol::anthropic);
    EXPECT_EQ(reader_of(head("POST", "/v1/messages", {{"x-goog-api-key", "k"}})),
              Protocol::anthropic);
    const bool responses = spoken(Protocol::openai_responses);
    EXPECT_EQ(reader_of_target("/v1/responses/resp_1"),
              responses ? Protocol::openai_responses : Protocol::openai_chat);
    const Protocol gemini = spoken(Protocol::gemini) ? Protocol::gemini : Protocol::anthropic;
    EXPECT_EQ(reader_of_target("/v1beta/x"), gemini);
    EXPECT_EQ(reader_of_target("/models/m:generateContent"), gemini);
    EXPECT_EQ(reader_of(head("GET", "/nowhere", {{"x-goog-api-key", "k"}})), gemini);
}

}  // namespace
}  // namespace ccr::gateway
