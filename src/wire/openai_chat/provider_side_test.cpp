#include "wire/openai_chat/provider_side.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "chat/random_chat_fixture.h"
#include "wire/relay_fixture.h"

namespace ccr::wire::openai_chat {
namespace {

const Codec& chat_codec() {
    return *codec_of(Protocol::openai_chat);
}
const Codec& messages() {
    return *codec_of(Protocol::anthropic);
}

std::string described(const Result<chat::Reply>& reply) {
    if (!reply) return "error: " + reply.error().message;
    std::string out;
    for (const chat::Part& part : reply->parts)
        out += std::visit(chat::DescribePart{}, part.body) + "\n";
    return out;
}

std::string reply_of(std::string_view message, std::string_view finish = "stop") {
    return described(decode_reply(
        fmt::format(R"({{"id":"c","choices":[{{"message":{},"finish_reason":"{}"}}]}})", message,
                    finish),
        kTestTarget));
}

// --- complete answers ---

TEST(ChatReply, MembersInAnyOrderGiveOneOrder) {
    const std::string expected =
        "reasoning false chat acme | reasoning_content | think  \nprose say\ncall c1 Read "
        "{\"a\":1}\n";
    EXPECT_EQ(
        reply_of(
            R"({"reasoning_content":"think","content":"say","tool_calls":[{"id":"c1","function":{"name":"Read","arguments":"{\"a\":1}"}}]})"),
        expected);
    EXPECT_EQ(
        reply_of(
            R"({"tool_calls":[{"id":"c1","function":{"name":"Read","arguments":"{\"a\":1}"}}],"content":"say","reasoning_content":"think"})"),
        expected);
}

TEST(ChatReply, BrokenArgumentsBecomeAnObject) {
    EXPECT_EQ(
        reply_of(R"({"tool_calls":[{"id":"c1","function":{"name":"Bash","arguments":"ls -l"}}]})"),
        "call c1 Bash {\"arguments\":\"ls -l\"}\n");
    EXPECT_EQ(
        reply_of(
            R"({"tool_calls":[{"id":"c1","function":{"name":"Bash","arguments":"{\"cmd\":"}}]})",
            "length"),
        "call c1 Bash {\"arguments\":\"{\\\"cmd\\\":\"}\n");
    EXPECT_EQ(
        reply_of(
            R"({"tool_calls":[{"id":"c1","function":{"name":"List"}},{"id":"c2","function":{"name":"List","arguments":{"p":1}}}]})"),
        "call c1 List {}\ncall c2 List {\"p\":1}\n");
}

TEST(ChatReply, WhatIsNoAnswerIsAnError) {
    for (
        const char* body :
        {"", "[]", "{}", "<html>", R"({"choices":[]})", R"({"choices":{"a":1}})",
         R"({"object":"error","message":"x","code":400,"choices":[{"message":{"content":"y"}}]})",
         R"({"choices":[{}]})", R"({"choices":[7]})",
         R"({"choices":[{"message":null,"finish_reason":"stop"}]})",
         R"({"choices":[{"error":{"message":"x"},"message":{"content":"y"}}]})",
         R"({"choices":[{"message":{"content":"y"},"finish_reason":"error"}]})",
         R"({"choices":[{"message":{"content":"y"},"finish_reason":"network_error"}]})",
         R"({"choices":[{"message":{"content":"y"}}],"base_resp":{"status_code":1002,"status_msg":"x"}})",
         R"({"error":{"message":"x"},"choices":[{"message":{"content":"y"}}]})"}) {
        const auto reply = decode_reply(body, kTestTarget);
        EXPECT_FALSE(reply) << body;
    }
}

// Z.ai ("Chat completion", web_search), Groq (executed_tools), StepFun ("web-search").
TEST(ChatReply, WhatTheProviderFoundIsASearchAndNoCall) {
    constexpr std::string_view kHit = R"([{"url":"https://e.org","title":"T"}])";
    const auto found = [](std::string_view message, std::string_view beside = "") {
        const auto reply =
            decode_reply(fmt::format(R"({{"choices":[{{"message":{},"finish_reason":"stop"}}]{}}})",
                                     message, beside),
                         kTestTarget);
        std::string out = reply->stop == chat::StopReason::end_turn ? "" : "stopped otherwise ";
        for (const chat::Part& part : reply->parts) {
            if (const auto* search = part.as<chat::WebSearch>())
                out += search->hits.at(0).url.decode() + " " + search->hits.at(0).title.decode();
            if (part.as<chat::ToolCall>()) out += "call";
        }
        return out;
    };
    EXPECT_EQ(found(R"({"content":"x"})",
                    R"(,"web_search":[{"link":"https://e.org","title":"T","refer":"1"}])"),
              "https://e.org T");
    EXPECT_EQ(
        found(fmt::format(
            R"({{"content":"x","executed_tools":[{{"search_results":{{"results":{}}}}}]}})", kHit)),
        "https://e.org T");
    EXPECT_EQ(found(fmt::format(R"({{"content":"x","executed_tools":[{{"browser_results":{}}}]}})",
                                kHit)),
              "https://e.org T");
    EXPECT_EQ(
        found(fmt::format(
            R"({{"content":"x","tool_calls":[{{"id":"c","type":"web_search","function":{{"name":"step_websearch","arguments":"{{}}","results":{}}}}}]}})",
            kHit)),
        "https://e.org T");
}

// MiniMax, "Error codes": HTTP 200 all the same.
TEST(ChatReply, ABaseRespTellsWhatWentWrong) {
    const auto kind = [](int code) {
        const auto reply = decode_reply(
            fmt::format(R"({{"choices":null,"base_resp":{{"status_code":{},"status_msg":"so"}}}})",
                        code),
            kTestTarget);
        EXPECT_FALSE(reply);
        EXPECT_NE(reply.error().message.find("so"), std::string::npos);
        return reply.error().kind;
    };
    EXPECT_EQ(kind(1002), ErrorKind::rate_limit);
    EXPECT_EQ(kind(1004), ErrorKind::authentication);
    EXPECT_EQ(kind(2013), ErrorKind::invalid_request);
    EXPECT_TRUE(decode_reply(
        R"({"choices":[{"message":{"content":"y"}}],"base_resp":{"status_code":0,"status_msg":""}})",
        kTestTarget));
}

struct Finish {
    const char* name;
    chat::StopReason alone, beside_a_call;
};
class FinishReason : public testing::TestWithParam<Finish> {};

TEST_P(FinishReason, IsUnderstood) {
    const auto stop = [](std::string_view message) {
        const auto reply =
            decode_reply(fmt::format(R"({{"choices":[{{"message":{},"finish_reason":"{}"}}]}})",
                                     message, GetParam().name),
                         kTestTarget);
        return reply->stop;
    };
    EXPECT_EQ(stop(R"({"content":"x"})"), GetParam().alone);
    EXPECT_EQ(stop(R"({"tool_calls":[{"id":"a","function":{"name":"A","arguments":"{}"}}]})"),
              GetParam().beside_a_call);
}

using enum chat::StopReason;
INSTANTIATE_TEST_SUITE_P(
    Names, FinishReason,
    testing::Values(Finish{"stop", end_turn, tool_use}, Finish{"tool_calls", end_turn, tool_use},
                    Finish{"function_call", end_turn, tool_use},
                    Finish{"length", max_tokens, max_tokens},
                    Finish{"MAX_TOKENS", max_tokens, max_tokens},
                    Finish{"model_length", max_tokens, max_tokens},
                    Finish{"content_filter", refusal, refusal}, Finish{"SAFETY", refusal, refusal},
                    Finish{"sensitive", refusal, refusal},
                    Finish{"model_context_window_exceeded", context_exceeded, context_exceeded},
                    Finish{"eos", end_turn, tool_use}));

// --- reasoning, there and back ---

// The assistant message that the next request to `provider` holds, after a client got this stream's
// answer.
std::string sent_back(const std::string& stream, std::string_view provider, chat::Losses& losses) {
    const std::string sse = read_file(std::filesystem::path(CCR_SOURCE_DIR) /
                                      "tests/golden/streams/chat" / (stream + ".sse"));
    const Relayed answer = relay(chat_codec(), messages(), {sse});
    const Relayed client = relay(messages(), messages(), {answer.bytes});
    const std::string reply = messages().encode_reply(client.reply, {"req_1", 0, "m", true});
    json::Document document;
    const std::string content((*document.parse(reply))["content"].raw());
    const DecodedRequest next(
        messages(),
        fmt::format(
            R"({{"model":"m","messages":[{{"role":"user","content":"q"}},{{"role":"assistant","content":{}}}]}})",
            content));
    EXPECT_TRUE(next.conversation) << content;
    Target target = kTestTarget;
    target.provider = provider;
    const Encoded encoded = chat_codec().encode_request(*next.conversation, target);
    losses = encoded.losses;
    json::Document request;
    const json::View sent = (*request.parse(encoded.body))["messages"];
    std::string last;
    for (const json::View message : sent.elements()) last = message.raw();
    return last;
}

std::size_t thoughts_lost(const chat::Losses& losses) {
    std::size_t count = 0;
    for (const chat::Loss& loss : losses) count += loss.what == "thinking";
    return count;
}

TEST(Reasoning, DetailsGoBackWholeToTheirProviderOnly) {
    chat::Losses losses;
    EXPECT_EQ(
        sent_back("reasoning-details-phases", "acme", losses),
        R"({"role":"assistant","content":"I look.","reasoning_details":[{"type":"reasoning.text","format":"unknown","index":0,"text":"Look first.","signature":"c2ln"},)"
        R"({"type":"reasoning.text","format":"unknown","index":1,"text":"Now call."},)"
        R"({"type":"reasoning.encrypted","id":"rs_1","index":2,"data":"AAAA","format":"openai-responses-v1"}],)"
        R"("tool_calls":[{"id":"call_a","type":"function","function":{"name":"Read","arguments":"{\"path\":\"a.txt\"}"}}]})");
    EXPECT_EQ(thoughts_lost(losses), 0u);
    const std::string elsewhere = sent_back("reasoning-details-phases", "other", losses);
    EXPECT_EQ(elsewhere.find("reasoning"), std::string::npos);
    EXPECT_EQ(thoughts_lost(losses), 3u);
}

// A request whose assistant turn holds the thought "T" under that signature.
std::string thought_under(std::string_view signature, bool beside_a_call) {
    return fmt::format(
        R"({{"model":"m","messages":[{{"role":"assistant","content":[{{"type":"thinking","thinking":"T","signature":"{}"}},{{"type":"text","text":"x"}}{}]}}]}})",
        signature, beside_a_call ? R"(,{"type":"tool_use","id":"t","name":"A","input":{}})" : "");
}

TEST(Reasoning, TextGoesBackBesideCallsUnderItsOwnName) {
    struct Case {
        const char* delta;
        const char* expected;
    };
    for (const Case& c : {Case{R"({"reasoning_content":"T"})", R"("reasoning_content":"T")"},
                          Case{R"({"reasoning":"T"})", R"("reasoning":"T")"},
                          Case{R"({"thinking":"T"})", R"("thinking":"T")"},
                          Case{R"({"thinking":{"content":"T","signature":"s"}})",
                               R"("thinking":{"content":"T","signature":"s"})"}}) {
        const std::string stream = fmt::format(
            "data: {{\"choices\":[{{\"delta\":{},\"finish_reason\":\"stop\"}}]}}\n\n", c.delta);
        const Relayed answer = relay(chat_codec(), messages(), {stream});
        const std::size_t at = answer.bytes.find("ccr1.");
        ASSERT_NE(at, std::string::npos) << answer.bytes;
        const std::string seal = answer.bytes.substr(at, answer.bytes.find('"', at) - at);
        const DecodedRequest with_call(messages(), thought_under(seal, true));
        const std::string sent =
            chat_codec().encode_request(*with_call.conversation, kTestTarget).body;
        EXPECT_NE(sent.find(c.expected), std::string::npos) << sent;
        const DecodedRequest without(messages(), thought_under(seal, false));
        const Encoded encoded = chat_codec().encode_request(*without.conversation, kTestTarget);
        EXPECT_EQ(encoded.body.find("\"T\""), std::string::npos) << encoded.body;
        EXPECT_EQ(thoughts_lost(encoded.losses), 1u);
    }
}

// A seal is the client's to send: one that names a member of its own choice must not write it.
TEST(Reasoning, ASealCannotNameAnyMember) {
    const std::string seal =
        "ccr1.eyJ3IjoiY2hhdCIsInAiOiJhY21lIiwiZiI6InRvb2xfY2FsbF9pZCJ9";  // f = tool_call_id
    const DecodedRequest request(
        messages(), fmt::format(R"({{"model":"m","messages":[{{"role":"assistant","content":[
        {{"type":"thinking","thinking":"T","signature":"{}"}},{{"type":"tool_use","id":"t","name":"A","input":{{}}}}]}}]}})",
                                seal));
    const Encoded encoded = chat_codec().encode_request(*request.conversation, kTestTarget);
    EXPECT_EQ(encoded.body.find("tool_call_id"), std::string::npos);
    EXPECT_EQ(thoughts_lost(encoded.losses), 1u);
}

TEST(Reasoning, AnthropicsThinkingStaysAtHome) {
    const DecodedRequest request(
        messages(),
        R"({"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":[
        {"type":"thinking","thinking":"T","signature":"c2ln"},{"type":"redacted_thinking","data":"x"}]},{"role":"user","content":"go on"}]})");
    const Encoded encoded = chat_codec().encode_request(*request.conversation, kTestTarget);
    EXPECT_NE(
        encoded.body.find(
            R"("messages":[{"role":"user","content":"q"},{"role":"user","content":"go on"}])"),
        std::string::npos)
        << encoded.body;
    EXPECT_EQ(encoded.losses.size(), 1u);  // the whole turn
}

TEST(AssistantTurns, WhatSaysNothingToChatIsNoted) {
    const DecodedRequest request(
        messages(),
        R"({"model":"m","messages":[{"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search","input":{}},
        {"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","title":"T","url":"https://e.org"}]},
        {"type":"tool_use","id":"t","name":"A","input":{}},{"type":"text","text":"after"}]}]})");
    const Encoded encoded = chat_codec().encode_request(*request.conversation, kTestTarget);
    json::Document document;
    EXPECT_EQ(
        (*document.parse(encoded.body))["messages"].raw(),
        R"([{"role":"assistant","content":"Web search results:\n- T https://e.org\n\nafter","tool_calls":[{"id":"t","type":"function","function":{"name":"A","arguments":"{}"}}]}])");
    ASSERT_EQ(encoded.losses.size(), 2u);
    EXPECT_EQ(encoded.losses[0].what, "order of text after a tool call");
    EXPECT_EQ(encoded.losses[1].what, "server_tool_use");
}

// --- effort ---

struct Thought {
    const char* request;
    const char* effort;  // "" = no such member
};
class ThinkingToEffort : public testing::TestWithParam<Thought> {};

TEST_P(ThinkingToEffort, IsTheOneFieldSent) {
    const DecodedRequest request(
        messages(), fmt::format(R"({{"model":"m","messages":[],{}}})", GetParam().request));
    ASSERT_TRUE(request.conversation);
    const std::string body = chat_codec().encode_request(*request.conversation, kTestTarget).body;
    json::Document document;
    EXPECT_EQ((*document.parse(body))["reasoning_effort"].text().decode(), GetParam().effort)
        << body;
    EXPECT_EQ(body.find("thinking"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ThinkingToEffort,
    testing::Values(
        Thought{R"("thinking":{"type":"adaptive"},"output_config":{"effort":"medium"})", "medium"},
        Thought{R"("thinking":{"type":"adaptive"},"output_config":{"effort":"max"})", "high"},
        Thought{R"("thinking":{"type":"adaptive"})", "high"},
        Thought{R"("thinking":{"type":"disabled"},"output_config":{"effort":"high"})", ""},
        Thought{R"("thinking":{"type":"enabled","budget_tokens":1024})", "low"},
        Thought{R"("thinking":{"type":"enabled","budget_tokens":31999})", "high"},
        Thought{R"("output_config":{"effort":"high"})", ""}, Thought{R"("max_tokens":1)", ""}));

// --- media and results ---

TEST(ToolResults, MediaFollowInAUserMessageAndNotesStandInForTheRest) {
    const DecodedRequest request(
        messages(),
        R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"before"},
        {"type":"tool_result","tool_use_id":"t1","is_error":true,"content":[{"type":"text","text":"out"},
            {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
            {"type":"document","source":{"type":"url","url":"https://e.org/d.pdf"}},
            {"type":"document","source":{"type":"file","file_id":"f1"}}]},
        {"type":"tool_result","tool_use_id":"t2","content":"plain"}]}]})");
    const Encoded encoded = chat_codec().encode_request(*request.conversation, kTestTarget);
    json::Document document;
    EXPECT_EQ(
        (*document.parse(encoded.body))["messages"].raw(),
        R"([{"role":"tool","tool_call_id":"t1","content":"[The tool reported an error]\n\nout\n\n[Document: https://e.org/d.pdf]\n\n)"
        R"([A file that was uploaded to another provider stood here.]\n\n[1 attached file(s) of this result follow in the next user message]"},)"
        R"({"role":"tool","tool_call_id":"t2","content":"plain"},)"
        R"({"role":"user","content":[{"type":"text","text":"before"},{"type":"text","text":"Attached to the result of tool call t1:"},)"
        R"({"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}])");
    EXPECT_EQ(encoded.losses.size(), 4u);
}

}  // namespace
}  // namespace ccr::wire::openai_chat
