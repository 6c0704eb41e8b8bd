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

TEST(Tokenizers, WhatCannotBeUsedIsReported) {
    for (const char* wrong :
         {"{default: {type: 'sentencepiece'}}", "{default: {type: 'huggingface'}}",
          "{default: {type: 'tiktoken', encoding: 'p50k_base'}}", "{default: {encoding: 'x'}}"}) {
        const Config config = with_tokenizer(wrong);
        EXPECT_EQ(found(config, "invalid-value").severity, Severity::warning) << wrong;
        EXPECT_THAT(config.providers.at(0).tokenizers, IsEmpty()) << wrong;
    }
}

}  // namespace
}  // namespace ccr::config
