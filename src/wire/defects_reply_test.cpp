// Defects of the reference in writing whole answers: N1 to N6 of its list, and T24.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/relay_fixture.h"

namespace ccr::wire {
namespace {

using testing::HasSubstr;
using testing::Not;

// A chat provider's message as a Messages client gets it.
std::string answered(std::string_view message) {
    const auto reply =
        codec_of(Protocol::openai_chat)
            ->decode_reply(
                fmt::format(R"({{"id":"c","choices":[{{"message":{},"finish_reason":"stop"}}]}})",
                            message),
                kTestTarget);
    if (!reply) return "error: " + reply.error().message;
    return codec_of(Protocol::anthropic)->encode_reply(*reply, {"req_1", 7, "m", true});
}

TEST(Defects, N1_ThinkingComesFirstAndIsSigned) {
    const std::string out = answered(
        R"({"content":"say","reasoning_content":"think","tool_calls":[{"id":"t","function":{"name":"A","arguments":"{}"}}]})");
    const std::size_t thinking = out.find(R"("type":"thinking")"),
                      text = out.find(R"("type":"text")"), call = out.find(R"("type":"tool_use")");
    EXPECT_LT(thinking, text);
    EXPECT_LT(text, call);
    EXPECT_THAT(out, HasSubstr(R"("signature":"ccr1.)"));
}

TEST(Defects, N2_NoCitationsAreNoSearch) {
    const std::string out = answered(R"({"content":"say","annotations":[]})");
    EXPECT_THAT(out, Not(HasSubstr("web_search")));
    EXPECT_THAT(out, Not(HasSubstr("server_tool_use")));
}

TEST(Defects, N3_BrokenArgumentsAreNotReplacedByText) {
    const std::string out =
        answered(R"({"tool_calls":[{"id":"t","function":{"name":"A","arguments":"{\"cmd\":"}}]})");
    EXPECT_THAT(out, Not(HasSubstr(R"("input":{"text":)")));
    EXPECT_THAT(out, HasSubstr("cmd"));
}

TEST(Defects, N4_AnErrorDoesNotQuoteTheWholeAnswer) {
    const std::string filler(5000, 'f');
    const auto reply =
        codec_of(Protocol::openai_chat)
            ->decode_reply(fmt::format(R"({{"choices":"{}"}})", filler), kTestTarget);
    ASSERT_FALSE(reply);
    EXPECT_LT(reply.error().message.size(), 1000u);
    const std::string body = codec_of(Protocol::anthropic)->encode_error(reply.error(), "req_1");
    EXPECT_LT(body.size(), 1200u);
}

TEST(Defects, N5_ArrayContentIsFlattened) {
    const std::string out =
        answered(R"({"content":[{"type":"text","text":"one "},{"type":"text","text":"two"}]})");
    EXPECT_THAT(out, HasSubstr("one "));
    EXPECT_THAT(out, HasSubstr("two"));
    EXPECT_THAT(out, Not(HasSubstr(R"("text":[)")));
}

// Of its list of transformers: a whole answer of Claude's on Vertex, to clients of other protocols.
TEST(Defects, T24_AWholeAnswerOfClaudeKeepsItsCallsReasonAndTokens) {
    const auto reply = codec_of(Protocol::anthropic)
                           ->decode_reply(R"({"id":"msg_1","type":"message","role":"assistant",)"
                                          R"("model":"m","content":[{"type":"tool_use","id":"t",)"
                                          R"("name":"Read","input":{"path":"a"}}],)"
                                          R"("stop_reason":"tool_use","stop_sequence":null,)"
                                          R"("usage":{"input_tokens":11,"output_tokens":5}})",
                                          kTestTarget);
    ASSERT_TRUE(reply);
    const auto as = [&](Protocol client) {
        return codec_of(client)->encode_reply(*reply, {"req_1", 7, "m", true});
    };
    const std::string chat = as(Protocol::openai_chat);
    EXPECT_THAT(chat, HasSubstr(R"("name":"Read")"));
    EXPECT_THAT(chat, HasSubstr(R"("finish_reason":"tool_calls")"));
    EXPECT_THAT(chat, HasSubstr(R"("prompt_tokens":11)"));
    const std::string responses = as(Protocol::openai_responses);
    EXPECT_THAT(responses, HasSubstr(R"("type":"function_call")"));
    EXPECT_THAT(responses, HasSubstr(R"("input_tokens":11)"));
    const std::string gemini = as(Protocol::gemini);
    EXPECT_THAT(gemini, HasSubstr(R"("functionCall")"));
    EXPECT_THAT(gemini, HasSubstr(R"("promptTokenCount":11)"));
}

TEST(Defects, N6_ReasoningIsReadUnderEveryName) {
    for (const char* name : {"reasoning_content", "reasoning"}) {
        const std::string out =
            answered(fmt::format(R"({{"content":"say","{}":"because"}})", name));
        EXPECT_THAT(out, HasSubstr(R"("thinking":"because")")) << name;
    }
}

}  // namespace
}  // namespace ccr::wire
