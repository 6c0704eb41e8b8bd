#include "gateway/counting.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config/loader.h"
#include "gateway/facts.h"

namespace ccr::gateway {
namespace {

config::Config configured(std::string_view provider, std::string_view router) {
    const std::string text = fmt::format(
        "{{Providers: [{{name: 'p', api_base_url: 'https://p.invalid/v1/chat/completions', "
        "api_key: 'k', models: ['gpt-4'], {}}}], Router: {{default: 'p,gpt-4', longContext: "
        "'p,long', {}}}}}",
        provider, router);
    auto config =
        config::parse_config(text, "c.json5", [](auto) { return std::optional<std::string>(); });
    EXPECT_TRUE(config);
    return *std::move(config);
}

/// A request that lives as long as what is asked of it.
struct Asked {
    explicit Asked(std::string text, const config::Config& config) : body(std::move(text)) {
        Address address;
        address.page = Page::answer;
        const auto tag = decode(address, *wire::codec_of(Protocol::anthropic),
                                {headers, body, document, root, conversation}, nullptr);
        EXPECT_TRUE(tag) << tag.error().message;
        facts = facts_of(headers, conversation, Protocol::anthropic, {}, config);
        settle_length(facts, config);
    }

    std::string body;
    net::Headers headers;
    json::Document document;
    json::View root;
    chat::Conversation conversation;
    route::Facts facts;
};

std::string text_body(const std::string& text) {
    return fmt::format(
        R"({{"model":"claude-opus-5-5","messages":[{{"role":"user","content":"{}"}}]}})", text);
}

std::string repeated(std::string_view word, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += word;
    return out;
}

TEST(Counting, R8_TheDefaultTargetsTokenizerCounts) {
    const std::string body = text_body(repeated("word ", 100));
    const Asked plain(body, configured("", "longContextThreshold: 100"));
    EXPECT_EQ(plain.facts.counted, "counted by cl100k_base");
    const config::Config other =
        configured("tokenizer: {default: {type: 'tiktoken', encoding: 'o200k_base'}}",
                   "longContextThreshold: 100");
    EXPECT_EQ(Asked(body, other).facts.counted, "counted by o200k_base");
}

TEST(Counting, R17_AnImageIsNotItsBase64) {
    const std::string body = fmt::format(
        R"({{"model":"claude-opus-5-5","messages":[{{"role":"user","content":"x"}},)"
        R"({{"role":"assistant","content":[{{"type":"tool_use","id":"t","name":"n","input":{{}}}}]}},)"
        R"({{"role":"user","content":[{{"type":"tool_result","tool_use_id":"t","content":[{{"type":)"
        R"("image","source":{{"type":"base64","media_type":"image/png","data":"{}"}}}}]}}]}}]}})",
        repeated("iVBORw0K", 50'000));
    const config::Config config = configured("", "longContextThreshold: 10000");
    EXPECT_LT(Asked(body, config).facts.input_tokens, 5000) << "400 KB of base64";
}

TEST(Counting, R19_NothingIsCountedWhereNothingHangsOnIt) {
    const std::string body = text_body(repeated("word ", 100));
    EXPECT_EQ(Asked(body, configured("", "longContextThreshold: 60000")).facts.counted,
              "estimated");
    EXPECT_EQ(Asked(body, configured("", "rules: [{when: {tokens_over: 100}, use: 'p,x'}]"))
                  .facts.counted,
              "counted by cl100k_base");
}

TEST(Counting, K2_ATokenizerThatIsNotThereCostsNoWaiting) {
    const config::Config config =
        configured("tokenizer: {default: {type: 'huggingface', path: '/nowhere/tokenizer.json'}}",
                   "longContextThreshold: 100");
    const Asked asked(text_body(repeated("word ", 100)), config);
    EXPECT_EQ(asked.facts.counted, "counted by cl100k_base");
}

TEST(Counting, K3_TokenizersOfTwoProvidersStayApart) {
    const std::string body = text_body(repeated("你好世界", 60));
    const auto counted = [&](const char* encoding) {
        const config::Config config = configured(
            fmt::format("tokenizer: {{default: {{type: 'tiktoken', encoding: '{}'}}}}", encoding),
            "longContextThreshold: 100");
        return Asked(body, config).facts.input_tokens;
    };
    EXPECT_NE(counted("cl100k_base"), counted("o200k_base"));
    EXPECT_EQ(counted("cl100k_base"), counted("cl100k_base"));
}

}  // namespace
}  // namespace ccr::gateway
