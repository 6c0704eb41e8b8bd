#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_fixture.h"

namespace ccr::config {
namespace {

using fixture::codes;
using fixture::found;
using fixture::with_provider;
using testing::EndsWith;
using testing::IsEmpty;

Config with_tokenizer(std::string_view tokenizer) {
    return with_provider(
        fmt::format("{{name: 'a', api_base_url: 'https://h/v1/chat/completions', api_key: 'k', "
                    "models: ['m'], tokenizer: {}}}",
                    tokenizer));
}

TEST(Tokenizers, OneForAllModelsAndOneForOne) {
    const Config config = with_tokenizer(
        "{default: {type: 'tiktoken'}, models: {m: {type: 'tiktoken', encoding: 'o200k_base'}}}");
    const auto& tokenizers = config.providers.at(0).tokenizers;
    ASSERT_EQ(tokenizers.size(), 2u);
    EXPECT_EQ(tokenizers[0].model, "");
    EXPECT_EQ(tokenizers[0].encoding, "cl100k_base");
    EXPECT_EQ(tokenizers[1].model, "m");
    EXPECT_EQ(tokenizers[1].encoding, "o200k_base");
    EXPECT_THAT(codes(config), IsEmpty());
}

TEST(Tokenizers, FilesByHubNameOrPath) {
    const auto encoding_of = [](std::string_view tokenizer) {
        return with_tokenizer(tokenizer).providers.at(0).tokenizers.at(0).encoding;
    };
    EXPECT_THAT(encoding_of("{default: {type: 'huggingface', model: 'Qwen/Qwen2.5-7B'}}"),
                EndsWith("/.huggingface/Qwen_Qwen2_5-7B/tokenizer.json"));
    EXPECT_EQ(encoding_of("{default: {type: 'huggingface', path: '/x/tokenizer.json'}}"),
              "/x/tokenizer.json");
}

TEST(Tokenizers, AServerWithTheReferencesOptions) {
    const Config config = with_tokenizer(
        "{default: {type: 'api', url: 'https://c/count', apiKey: 'sk-count-key-0123456789', "
        "requestFormat: 'custom', responseField: 'a.b', headers: {'X-Team': 'blue'}}}");
    const auto& endpoint = config.providers.at(0).tokenizers.at(0).endpoint;
    ASSERT_TRUE(endpoint);
    EXPECT_EQ(endpoint->url, "https://c/count");
    EXPECT_EQ(endpoint->format, CountEndpoint::Format::custom);
    EXPECT_EQ(endpoint->field, "a.b");
    EXPECT_EQ(endpoint->headers.at(0), std::make_pair(std::string("x-team"), std::string("blue")));
    EXPECT_THAT(config.secrets, testing::Contains("sk-count-key-0123456789"));
    EXPECT_THAT(codes(config), IsEmpty());
}

TEST(Tokenizers, AProvidersOwnServerIsNoChatProviders) {
    EXPECT_EQ(found(with_tokenizer("{default: {type: 'api'}}"), "invalid-value").severity,
              Severity::warning);
    const Config config = with_provider(
        "{name: 'a', api_base_url: 'https://h/v1/messages', api_key: 'k', models: ['m'], "
        "tokenizer: {default: {type: 'api'}}}");
    EXPECT_EQ(config.providers.at(0).tokenizers.at(0).endpoint->format,
              CountEndpoint::Format::provider);
    EXPECT_THAT(codes(config), IsEmpty());
}

TEST(Tokenizers, WhatCannotBeUsedIsReported) {
    for (const char* wrong :
         {"{default: {type: 'sentencepiece'}}", "{default: {type: 'huggingface'}}",
          "{default: {type: 'tiktoken', encoding: 'p50k_base'}}", "{default: {encoding: 'x'}}",
          "{default: {type: 'api', url: 'no url'}}",
          "{default: {type: 'api', url: 'https://h', requestFormat: 'x'}}"}) {
        const Config config = with_tokenizer(wrong);
        EXPECT_EQ(found(config, "invalid-value").severity, Severity::warning) << wrong;
        EXPECT_THAT(config.providers.at(0).tokenizers, IsEmpty()) << wrong;
    }
}

}  // namespace
}  // namespace ccr::config
