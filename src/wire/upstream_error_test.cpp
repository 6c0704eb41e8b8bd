#include "wire/upstream_error.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "json/utf8.h"
#include "wire/context_overflow.h"
#include "wire/relay_fixture.h"

namespace ccr::wire {
namespace {

struct Overflow {
    const char* provider;
    const char* message;
    const char* wording;
};
void PrintTo(const Overflow& o, std::ostream* out) {
    *out << o.provider;
}

class OverflowWording : public testing::TestWithParam<Overflow> {};

TEST_P(OverflowWording, IsTheClients) {
    EXPECT_TRUE(says_context_overflow(GetParam().message));
    EXPECT_EQ(overflow_wording(GetParam().message), GetParam().wording);
}

constexpr const char* kUnknown = "Input is too long.";

INSTANTIATE_TEST_SUITE_P(
    Providers, OverflowWording,
    testing::Values(
        Overflow{"OpenAI",
                 "This model's maximum context length is 128000 tokens. However, your messages "
                 "resulted in 140012 tokens. Please reduce the length of the messages.",
                 "prompt is too long: 140012 tokens > 128000 maximum"},
        Overflow{"OpenAI, newer models",
                 "Your input exceeds the context window of this model. Please adjust your input "
                 "and try again.",
                 kUnknown},
        Overflow{"OpenAI, with a share for the answer",
                 "This model's maximum context length is 4097 tokens. However, you requested 4105 "
                 "tokens (9 in the messages, 4096 in the completion). Please reduce the length of "
                 "the messages or completion.",
                 "input length and `max_tokens` exceed context limit: 9 + 4096 > 4097, decrease "
                 "input length or `max_tokens` and try again"},
        Overflow{"DeepSeek",
                 "This model's maximum context length is 65536 tokens. However, you requested "
                 "90000 tokens (82000 in the messages, 8000 in the completion).",
                 "prompt is too long: 90000 tokens > 65536 maximum"},
        Overflow{"OpenRouter",
                 "This endpoint's maximum context length is 131072 tokens. However, you requested "
                 "about 160000 tokens (140000 of text input, 12000 of tool input, 8000 in the "
                 "output). Please reduce the length of either one.",
                 "prompt is too long: 160000 tokens > 131072 maximum"},
        Overflow{
            "OpenRouter, the answer alone",
            "This endpoint's maximum context length is 131072 tokens. However, you requested about "
            "150000 tokens (20000 of text input, 2000 of tool input, 128000 in the output).",
            "input length and `max_tokens` exceed context limit: 22000 + 128000 > 131072, decrease "
            "input length or `max_tokens` and try again"},
        Overflow{"vLLM",
                 "This model's maximum context length is 4096 tokens. However, your request has "
                 "5000 input tokens. Please reduce the length of the input messages.",
                 "prompt is too long: 5000 tokens > 4096 maximum"},
        Overflow{"vLLM, the answer alone",
                 "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum "
                 "context length is 4096 tokens and your request has 100 input tokens (8000 > 4096 "
                 "- 100).",
                 "input length and `max_tokens` exceed context limit: 100 + 8000 > 4096, decrease "
                 "input length or `max_tokens` and try again"},
        Overflow{
            "vLLM, older",
            "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
            "prompt is too long: 5000 tokens > 4096 maximum"},
        Overflow{"SGLang",
                 "The input (5000 tokens) is longer than the model's context length (4096 tokens).",
                 "prompt is too long: 5000 tokens > 4096 maximum"},
        Overflow{"llama.cpp",
                 "request (5000 tokens) exceeds the available context size (4096 tokens), try "
                 "increasing it",
                 "prompt is too long: 5000 tokens > 4096 maximum"},
        Overflow{"llama.cpp, older",
                 "the request exceeds the available context size. try increasing the context size "
                 "or enable context shift",
                 kUnknown},
        Overflow{"Gemini",
                 "The input token count (1200000) exceeds the maximum number of tokens allowed "
                 "(1048576).",
                 "prompt is too long: 1200000 tokens > 1048576 maximum"},
        Overflow{"Gemini, without the count",
                 "The input token count exceeds the maximum number of tokens allowed 1048576.",
                 kUnknown},
        Overflow{"Mistral",
                 "Prompt contains 40,000 tokens and 0 draft tokens, too large for model with "
                 "32,768 maximum context length",
                 "prompt is too long: 40000 tokens > 32768 maximum"},
        Overflow{
            "xAI",
            "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
            "prompt is too long: 140000 tokens > 131072 maximum"},
        Overflow{
            "Moonshot",
            "Invalid request: Your request exceeded model token limit: 131072 (requested: 140000)",
            "prompt is too long: 140000 tokens > 131072 maximum"},
        Overflow{"Z.ai", "Prompt exceeds max length", kUnknown},
        Overflow{"DashScope", "Range of input length should be [1, 129024]", kUnknown},
        Overflow{"Fireworks",
                 "The prompt is too long: 140000, model maximum context length: 131071",
                 "prompt is too long: 140000 tokens > 131071 maximum"},
        Overflow{"text-generation-inference",
                 "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. "
                 "Given: 4000 `inputs` tokens and 1000 `max_new_tokens`",
                 "input length and `max_tokens` exceed context limit: 4000 + 1000 > 4097, decrease "
                 "input length or `max_tokens` and try again"},
        Overflow{
            "a model with digits in its name",
            "gpt-4-0613 has a maximum context length of 8192 tokens; qwen2.5-72b-32768 got 9000",
            "prompt is too long: 9000 tokens > 8192 maximum"},
        Overflow{"Bedrock", "Input is too long for requested model.", kUnknown},
        Overflow{"Anthropic", "prompt is too long: 210000 tokens > 200000 maximum",
                 "prompt is too long: 210000 tokens > 200000 maximum"},
        Overflow{"Anthropic, the answer",
                 "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, "
                 "decrease input length or `max_tokens` and try again",
                 "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, "
                 "decrease input length or `max_tokens` and try again"}));

TEST(UpstreamError, OtherRefusalsAreNoOverflow) {
    for (const char* message :
         {"Invalid model name", "max_tokens must be at most 8192",
          "Rate limit reached for gpt-4 on tokens per min (TPM): Limit 10000, Used 9000",
          "tool_choice is not supported", "Missing required parameter: 'messages'"}) {
        EXPECT_FALSE(says_context_overflow(message)) << message;
        const Error error = upstream_error(400, message, kTestTarget);
        EXPECT_EQ(error.kind, ErrorKind::invalid_request);
        EXPECT_EQ(error.message, fmt::format("{} (provider acme, model acme-1)", message));
    }
}

TEST(UpstreamError, OnlyARefusalOrAFailureCanBeAnOverflow) {
    const std::string message = "maximum context length is 4096 tokens, got 5000";
    for (const int status : {400, 413, 422, 500, 502})
        EXPECT_EQ(upstream_error(status, message, kTestTarget).kind, ErrorKind::context_overflow)
            << status;
    for (const int status : {401, 403, 404, 429})
        EXPECT_NE(upstream_error(status, message, kTestTarget).kind, ErrorKind::context_overflow)
            << status;
    EXPECT_EQ(upstream_error(400, message, kTestTarget).status, 400);
    EXPECT_EQ(upstream_error(429, "Too many tokens per minute", kTestTarget).status, 429);
}

struct Body {
    int status;
    const char* body;
    const char* message;
    ErrorKind kind;
    int shown_status;
};
void PrintTo(const Body& b, std::ostream* out) {
    *out << b.body;
}
class ChatErrorBody : public testing::TestWithParam<Body> {};

TEST_P(ChatErrorBody, IsRead) {
    const Error error = codec_of(Protocol::openai_chat)
                            ->decode_error(GetParam().status, GetParam().body, kTestTarget);
    EXPECT_TRUE(error.message.starts_with(GetParam().message)) << error.message;
    EXPECT_EQ(error.kind, GetParam().kind);
    EXPECT_EQ(error.status, GetParam().shown_status);
    EXPECT_EQ(error.upstream_body, GetParam().body);
    EXPECT_EQ(error.fault, Fault::upstream);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, ChatErrorBody,
    testing::Values(
        Body{
            401,
            R"({"error":{"message":"Incorrect API key","type":"invalid_request_error","code":"invalid_api_key"}})",
            "Incorrect API key (provider acme", ErrorKind::authentication, 401},
        Body{400, R"({"error":"no such tool"})", "no such tool (provider",
             ErrorKind::invalid_request, 400},
        Body{404, R"({"message":"model not found"})", "model not found (", ErrorKind::not_found,
             404},
        Body{422, R"({"detail":"Field required"})", "Field required (", ErrorKind::invalid_request,
             422},
        Body{422, R"({"detail":[{"loc":["body"],"msg":"Field required"}]})",
             "Field required [\"body\"]", ErrorKind::invalid_request, 422},
        Body{429,
             R"([{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}])",
             "Quota exceeded (", ErrorKind::rate_limit, 429},
        Body{400, R"({"error":{"message":"too big","code":"context_length_exceeded"}})",
             "Input is too long.", ErrorKind::context_overflow, 400},
        Body{
            400,
            R"x({"error":{"code":400,"message":"request (5000 tokens) exceeds the available context size (4096 tokens)","type":"exceed_context_size_error"}})x",
            "prompt is too long: 5000 tokens > 4096 maximum", ErrorKind::context_overflow, 400},
        Body{502,
             "<html><head><title>502 Bad "
             "Gateway</title></head><body>\n<center>nginx</center></body></html>",
             "HTTP 502: 502 Bad Gateway nginx (", ErrorKind::upstream_failure, 502},
        Body{503, "upstream connect error", "HTTP 503: upstream connect error (",
             ErrorKind::overloaded, 503},
        Body{500, "", "HTTP 500 with an empty body (", ErrorKind::upstream_failure, 500},
        Body{500, "[]", "HTTP 500: [] (", ErrorKind::upstream_failure, 500},
        Body{400, "\"just text\"", "just text (", ErrorKind::invalid_request, 400},
        Body{500, "\xff\xfe<broken", "HTTP 500: ", ErrorKind::upstream_failure, 500},
        Body{402, R"({"error":{"message":"Insufficient credits","code":402}})",
             "Insufficient credits (", ErrorKind::billing, 402}));

TEST(ChatError, InsideAnAnswerFindsItsStatus) {
    const auto status_of = [](std::string_view error) {
        const auto reply = codec_of(Protocol::openai_chat)
                               ->decode_reply(fmt::format(R"({{"error":{}}})", error), kTestTarget);
        return reply ? 0 : reply.error().status;
    };
    EXPECT_EQ(status_of(R"({"message":"x","code":429})"), 429);
    EXPECT_EQ(status_of(R"({"message":"x","code":"429"})"), 429);
    EXPECT_EQ(status_of(R"({"message":"x","type":"overloaded_error"})"), 529);
    EXPECT_EQ(status_of(R"({"message":"x","code":"rate_limit_exceeded"})"), 429);
    EXPECT_EQ(status_of(R"({"message":"x","status_code":429,"code":"insufficient_quota"})"), 429);
    EXPECT_EQ(status_of(R"({"message":"x","status_code":403})"), 403);
    EXPECT_EQ(status_of(R"({"message":"x","status_code":7,"code":"invalid_api_key"})"), 401);
    EXPECT_EQ(status_of(R"({"message":"x","status_code":1004})"), 401);
    EXPECT_EQ(status_of(R"("x")"), 502);
    EXPECT_EQ(status_of(R"({"message":"x"})"), 502);
}

TEST(ChatError, AnEmptyErrorMemberIsNone) {
    for (const char* none : {"null", "\"\"", "{}", "false"}) {
        const auto reply =
            codec_of(Protocol::openai_chat)
                ->decode_reply(
                    fmt::format(
                        R"({{"error":{},"choices":[{{"message":{{"content":"hi"}},"finish_reason":"stop"}}]}})",
                        none),
                    kTestTarget);
        EXPECT_TRUE(reply) << none;
    }
}

// What is shown of any body is short, valid UTF-8, and holds no tag.
TEST(UnreadableError, ShowsAShortPlainExcerpt) {
    json::Random r(1);
    for (int i = 0; i < 500; ++i) {
        std::string body;
        for (std::size_t n = r.below(3000); n > 0; --n)
            body += r.chance(0.1) ? '<' : r.chance(0.1) ? '>' : static_cast<char>(r.below(256));
        const Error error = unreadable_error(500, body, kTestTarget);
        EXPECT_LT(error.message.size(), 1100u);
        EXPECT_TRUE(json::is_valid_utf8(error.message));
        EXPECT_EQ(error.message.find('<'), std::string::npos);
    }
}

TEST(MessagesError, IsReadAndWritten) {
    const Codec& codec = *codec_of(Protocol::anthropic);
    const Error error = codec.decode_error(
        529,
        R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"})",
        kTestTarget);
    EXPECT_EQ(error.kind, ErrorKind::overloaded);
    EXPECT_EQ(error.upstream_protocol, Protocol::anthropic);
    EXPECT_EQ(
        codec.encode_error(error, "req_9"),
        R"x({"type":"error","error":{"type":"overloaded_error","message":"Overloaded (provider acme, model acme-1)"},"request_id":"req_9"})x");
    EXPECT_EQ(codec.decode_error(502, "<html>bad</html>", kTestTarget).upstream_protocol,
              std::nullopt);
}

}  // namespace
}  // namespace ccr::wire
