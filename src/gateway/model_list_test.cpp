// Providers' lists of models, in each provider's own words.
#include "gateway/model_list.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

std::string described(std::string_view list) {
    std::string out;
    for (const store::Window& window : windows_in(list))
        out += fmt::format("{} {} {};", window.model, window.context.value_or(0),
                           window.output.value_or(0));
    return out;
}

TEST(ModelList, IsReadInEachProvidersWords) {
    EXPECT_EQ(
        described(
            R"({"data":[{"id":"a/b","context_length":9,"top_provider":{"max_completion_tokens":4}}]})"),
        "a/b 9 4;");
    EXPECT_EQ(
        described(R"({"data":[{"id":"g","context_window":131072,"max_completion_tokens":8192}]})"),
        "g 131072 8192;");
    EXPECT_EQ(described(R"({"data":[{"id":"m","max_context_length":32768}]})"), "m 32768 0;");
    EXPECT_EQ(described(R"({"data":[{"id":"v","max_model_len":4096}]})"), "v 4096 0;");
    EXPECT_EQ(described(R"({"data":[{"id":"c","max_input_tokens":200000,"max_tokens":64000}]})"),
              "c 200000 64000;");
    EXPECT_EQ(
        described(
            R"({"models":[{"name":"models/gemini-x","inputTokenLimit":7,"outputTokenLimit":3}]})"),
        "gemini-x 7 3;");
}

TEST(ModelList, SilenceAndNonsenseTellNothing) {
    for (const char* list :
         {"", "[]", "nonsense", R"({"data":{}})", R"({"data":[{"id":"m"},{"context_length":5},7]})",
          R"({"data":[{"id":"m","context_length":0,"max_tokens":"many"}]})",
          R"({"data":[{"id":"m","context_length":null,"top_provider":null}]})"})
        EXPECT_EQ(described(list), "") << list;
}

TEST(ModelList, StandsBesideTheUrlOfTheProvider) {
    config::Provider provider;
    provider.name = "p";
    const auto url = [&](Protocol speaks, const char* base) {
        provider.speaks = speaks;
        provider.base_url = base;
        return model_list_url(provider).value_or("");
    };
    EXPECT_EQ(url(Protocol::openai_chat, "https://h/api/v1/chat/completions"),
              "https://h/api/v1/models");
    EXPECT_EQ(url(Protocol::openai_responses, "https://h/v1/responses"), "https://h/v1/models");
    EXPECT_EQ(url(Protocol::anthropic, "https://h/v1/messages"), "https://h/v1/models?limit=1000");
    EXPECT_EQ(url(Protocol::gemini, "https://h/v1beta/models/"),
              "https://h/v1beta/models?pageSize=1000");
    EXPECT_EQ(url(Protocol::openai_chat, "https://h/v1/answers"), "");
    provider.platform = config::Platform::bedrock;
    EXPECT_EQ(url(Protocol::anthropic, "https://h/v1/messages"), "");
}

}  // namespace
}  // namespace ccr::gateway
