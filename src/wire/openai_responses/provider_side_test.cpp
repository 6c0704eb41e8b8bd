// Requests towards a Responses provider and its answers; the reference's defects by their numbers.
#include "wire/openai_responses/provider_side.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "chat/random_chat_fixture.h"
#include "wire/relay_fixture.h"

namespace ccr::wire::openai_responses {
namespace {

using Model = nlohmann::json;
using testing::HasSubstr;

const Codec& messages() {
    return *codec_of(Protocol::anthropic);
}
const Codec& responses() {
    return *codec_of(Protocol::openai_responses);
}

struct Sent {
    Model body;
    std::string losses;
};

Sent sent(const Codec& client, const std::string& body) {
    const DecodedRequest request(client, body);
    if (!request.conversation) return {request.conversation.error().message, ""};
    const Encoded encoded = responses().encode_request(*request.conversation, kTestTarget);
    Sent out{Model::parse(encoded.body), ""};
    for (const chat::Loss& loss : encoded.losses)
        out.losses += fmt::format("{}: {} ({})\n", loss.where, loss.what, loss.why);
    return out;
}

std::string event(const std::string& type, const std::string& members) {
    return fmt::format("event: {0}\ndata: {{\"type\":\"{0}\"{1}{2}}}\n\n", type,
                       members.empty() ? "" : ",", members);
}

std::string created() {
    return event("response.created",
                 R"("response":{"id":"resp_1","model":"gpt","status":"in_progress"})");
}

std::string completed(const std::string& more = "") {
    return event("response.completed",
                 R"("response":{"id":"resp_1","status":"completed","output":[])" + more + "}");
}

// The folded answer to a stream, or its failure.
std::string answer(const std::string& stream) {
    const Relayed got = relay(responses(), messages(), {stream});
    EXPECT_EQ(got.complaint, "");
    EXPECT_EQ(got.ends, 1);
    if (got.failure)
        return fmt::format("{} {}", traits_of(got.failure->kind).name, got.failure->message);
    return chat::describe(got.reply);
}

std::string added(int index, const std::string& item) {
    return event("response.output_item.added",
                 fmt::format(R"("output_index":{},"item":{{{}}})", index, item));
}
std::string done(int index, const std::string& item) {
    return event("response.output_item.done",
                 fmt::format(R"("output_index":{},"item":{{{}}})", index, item));
}
std::string call(int n) {
    return fmt::format(R"("type":"function_call","id":"fc_{0}","call_id":"call_{0}","name":"f{0}")",
                       n);
}
std::string arguments(int index, const std::string& escaped) {
    return event("response.function_call_arguments.delta",
                 fmt::format(R"("output_index":{},"delta":"{}")", index, escaped));
}

TEST(ResponsesDefects, T6_ParallelCallsKeepTheirIndex) {
    const std::string stream = created() + added(0, call(0)) + added(1, call(1)) +
                               arguments(1, R"({\"b\":)") + arguments(0, R"({\"a\":1})") +
                               arguments(1, "2}") + done(1, call(1)) + done(0, call(0)) +
                               completed();
    const std::string got = answer(stream);
    EXPECT_THAT(got, HasSubstr("call call_0 f0 {\"a\":1}\ncall call_1 f1 {\"b\":2}\n"));
    EXPECT_THAT(got, HasSubstr("stop 3"));
}

TEST(ResponsesDefects, T7_UsageWithCachedAndReasoningTokensIsReported) {
    const std::string got = answer(
        created() +
        completed(
            R"(,"usage":{"input_tokens":444,"input_tokens_details":{"cached_tokens":333},"output_tokens":55,"output_tokens_details":{"reasoning_tokens":7}})"));
    EXPECT_THAT(got, HasSubstr("usage 111 55 333 - 7"));
}

constexpr const char* kLoop = R"({"model":"m","max_tokens":100,"messages":[
    {"role":"user","content":"go"},
    {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"%"},
        {"type":"text","text":"I look."},{"type":"tool_use","id":"c1","name":"ls","input":{"a":1}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"one"},
        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},{"type":"text","text":"more"}]}],
    "tools":[{"name":"ls","input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"ls"}})";

// A reply of a Responses provider, as a Messages client sends its thinking back.
std::string signature_of_thinking(const std::string& provider) {
    Target target = kTestTarget;
    target.provider = provider;
    auto reply = responses().decode_reply(
        R"({"id":"resp_1","status":"completed","output":[{"type":"reasoning","id":"rs_7","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"SEAL"}]})",
        target);
    const Model block = Model::parse(messages().encode_reply(*reply, {}))["content"][0];
    return block["signature"].get<std::string>();
}

TEST(ResponsesDefects, T8_TextBesideCallsAndThinkingAreReplayed) {
    std::string body = kLoop;
    body.replace(body.find('%'), 1, signature_of_thinking("acme"));
    const Sent got = sent(messages(), body);
    const Model& input = got.body["input"];
    ASSERT_EQ(input.size(), 6u) << input.dump(1);
    EXPECT_EQ(
        input[1],
        Model::parse(
            R"({"type":"reasoning","id":"rs_7","summary":[{"type":"summary_text","text":"hm"}],"encrypted_content":"SEAL"})"));
    EXPECT_EQ(
        input[2],
        Model::parse(
            R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look."}]})"));
    EXPECT_EQ(
        input[3],
        Model::parse(
            R"({"type":"function_call","call_id":"c1","name":"ls","arguments":"{\"a\":1}"})"));
    EXPECT_EQ(input[4]["output"][1]["image_url"], "data:image/png;base64,AAAA");
    EXPECT_EQ(input[5]["content"][0]["text"], "more");
    EXPECT_EQ(got.losses, "");
}

TEST(ResponsesRequestOut, AnotherProvidersThinkingStaysBehind) {
    std::string body = kLoop;
    body.replace(body.find('%'), 1, signature_of_thinking("other"));
    const Sent got = sent(messages(), body);
    EXPECT_EQ(got.body["input"].size(), 5u);
    EXPECT_THAT(got.losses, HasSubstr("thinking"));
}

TEST(ResponsesDefects, T9_ChoiceOfAToolHasItsOwnShape) {
    EXPECT_EQ(sent(messages(), kLoop).body["tool_choice"],
              Model::parse(R"({"type":"function","name":"ls"})"));
}

TEST(ResponsesDefects, T10_EveryItemOfAReplyIsKept) {
    auto reply = responses().decode_reply(
        R"({"id":"resp_1","model":"gpt","status":"completed","output":[
        {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"think"}],"encrypted_content":"S"},
        {"type":"message","id":"msg_1","content":[{"type":"output_text","text":"a","annotations":[]}]},
        {"type":"function_call","call_id":"c1","name":"f","arguments":"{}"},
        {"type":"message","id":"msg_2","content":[{"type":"output_text","text":"b"}]},
        {"type":"function_call","call_id":"c2","name":"g","arguments":"{\"x\":1}"}]})",
        kTestTarget);
    ASSERT_TRUE(reply);
    EXPECT_THAT(chat::describe(*reply),
                HasSubstr("reasoning false responses acme | rs_1 | think S \nprose a\ncall c1 f "
                          "{}\nprose b\ncall c2 g {\"x\":1}\n"));
}

TEST(ResponsesDefects, T11_FailedIncompleteAndErrorAreNoSuccess) {
    EXPECT_THAT(
        answer(
            created() +
            event(
                "response.failed",
                R"("response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow down"}})")),
        HasSubstr("rate_limit slow down"));
    EXPECT_THAT(answer(created() + event("error", R"("code":"server_error","message":"boom")")),
                HasSubstr("upstream_failure boom"));
    EXPECT_THAT(
        answer(
            created() +
            event(
                "response.incomplete",
                R"("response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[]})")),
        HasSubstr("stop 1"));
    EXPECT_THAT(
        answer(
            created() +
            event(
                "response.incomplete",
                R"("response":{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]})")),
        HasSubstr("stop 4"));
    const std::string refused =
        answer(created() + event("response.refusal.delta", R"("output_index":0,"delta":"No.")") +
               completed());
    EXPECT_THAT(refused, HasSubstr("prose No."));
    EXPECT_THAT(refused, HasSubstr("stop 4"));
    EXPECT_THAT(answer(created()), HasSubstr("upstream_protocol The stream ended without"));
}

TEST(ResponsesDefects, N2_EmptyAnnotationsAreNoSearch) {
    const std::string got = answer(
        created() +
        done(
            0,
            R"("type":"message","id":"m","content":[{"type":"output_text","text":"hi","annotations":[]}])") +
        completed());
    EXPECT_THAT(got, HasSubstr("prose hi\n"));
    EXPECT_THAT(got, testing::Not(HasSubstr("search")));
}

TEST(ResponsesDefects, B4_EveryReasoningItemIsABlockWithItsSeal) {
    const auto reasoning = [](int n) {
        return fmt::format(
            R"("type":"reasoning","id":"rs_{0}","encrypted_content":"S{0}","summary":[{{"type":"summary_text","text":"t{0}"}}])",
            n);
    };
    EXPECT_THAT(answer(created() + done(0, reasoning(1)) + done(1, reasoning(2)) + completed()),
                HasSubstr("reasoning false responses acme | rs_1 | t1 S1 \nreasoning false "
                          "responses acme | rs_2 | t2 S2 \n"));
}

TEST(ResponsesStream, SummaryPartsAreParagraphsOfOneBlock) {
    const auto piece = [](int part, const std::string& text) {
        return event(
            "response.reasoning_summary_text.delta",
            fmt::format(R"("output_index":0,"summary_index":{},"delta":"{}")", part, text));
    };
    const std::string got = answer(
        created() + added(0, R"("type":"reasoning","id":"rs_1","summary":[])") + piece(0, "a") +
        piece(0, "b") + piece(1, "c") +
        done(
            0,
            R"("type":"reasoning","id":"rs_1","encrypted_content":"S","summary":[{"type":"summary_text","text":"ab"},{"type":"summary_text","text":"c"}])") +
        completed());
    EXPECT_THAT(got, HasSubstr("reasoning false responses acme | rs_1 | ab\n\nc S \n"));
}

TEST(ResponsesStream, WhatCameInNoPieceIsTakenFromTheWholeItem) {
    EXPECT_THAT(answer(created() + done(0, call(3) + R"(,"arguments":"{\"z\":1}")") + completed()),
                HasSubstr("call call_3 f3 {\"z\":1}\n"));
    EXPECT_THAT(
        answer(event(
            "response.completed",
            R"("response":{"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"all"}]}]})")),
        HasSubstr("prose all\n"));
}

TEST(ResponsesStream, UnknownEventsAndDoneMarksChangeNothing) {
    const std::string got =
        answer(created() + event("response.novelty", R"("x":[1])") + event("keepalive", "") +
               event("response.output_text.delta", R"("output_index":0,"delta":"a")") +
               completed() + "data: [DONE]\n\n");
    EXPECT_THAT(got, HasSubstr("prose a\n"));
}

TEST(ResponsesStream, ACustomToolsInputBecomesAnArgument) {
    const std::string head =
        R"("type":"custom_tool_call","id":"ctc_1","call_id":"c1","name":"patch")";
    const auto input = [](const std::string& text) {
        return event("response.custom_tool_call_input.delta",
                     fmt::format(R"("output_index":0,"delta":"{}")", text));
    };
    EXPECT_THAT(answer(created() + added(0, head) + input(R"(a \"b\")") + input(R"(\nc)") +
                       done(0, head + R"(,"input":"a \"b\"\nc")") + completed()),
                HasSubstr(R"(call c1 patch {"input":"a \"b\"\nc"})"));
}

TEST(ResponsesStream, SearchesAndWhatTextsCiteAreOneSearch) {
    const std::string got = answer(
        created() +
        done(
            0,
            R"("type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"q"})") +
        done(
            1,
            R"("type":"message","id":"m","content":[{"type":"output_text","text":"t","annotations":[{"type":"url_citation","url":"https://e.org","title":"E"}]}])") +
        completed());
    EXPECT_THAT(got, HasSubstr("prose t\nsearch ws_1 q [https://e.org E]\n"));
}

TEST(ResponsesReply, FailuresAreErrors) {
    const auto error = [](const char* body) {
        const auto reply = responses().decode_reply(body, kTestTarget);
        return reply ? "none" : std::string(traits_of(reply.error().kind).name);
    };
    EXPECT_EQ(error(R"({"status":"failed","error":{"code":"insufficient_quota","message":"m"}})"),
              "rate_limit");
    EXPECT_EQ(error(R"({"status":"in_progress","output":[]})"), "upstream_protocol");
    EXPECT_EQ(error(R"({"status":"completed"})"), "upstream_protocol");
    EXPECT_EQ(error("<html>"), "upstream_protocol");
}

TEST(ResponsesRequestOut, ClaudeCodesSettingsFindTheirPlaces) {
    const Sent got = sent(messages(), R"({"model":"m","max_tokens":1,"temperature":1,
        "system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}],
        "thinking":{"type":"adaptive"},"output_config":{"effort":"medium","format":{"type":"json_schema","schema":{"type":"object"}}},
        "metadata":{"user_id":"{\"device_id\":\"d\",\"session_id\":\"sess-1\"}"},"stop_sequences":["x"],
        "messages":[{"role":"user","content":"go"},{"role":"system","content":"mid"},{"role":"user","content":"on"}],
        "tools":[{"type":"web_search_20250305","name":"web_search","allowed_domains":["e.org"]}]})");
    EXPECT_EQ(got.body["instructions"], "S");
    EXPECT_EQ(got.body["max_output_tokens"], 16);
    EXPECT_EQ(got.body["reasoning"], Model::parse(R"({"effort":"medium","summary":"auto"})"));
    EXPECT_EQ(got.body["include"], Model::parse(R"(["reasoning.encrypted_content"])"));
    EXPECT_EQ(got.body["store"], false);
    EXPECT_EQ(got.body["prompt_cache_key"], "sess-1");
    EXPECT_EQ(got.body["text"]["format"]["type"], "json_schema");
    EXPECT_EQ(got.body["input"][1]["role"], "developer");
    EXPECT_EQ(got.body["tools"][0],
              Model::parse(R"({"type":"web_search","filters":{"allowed_domains":["e.org"]}})"));
    EXPECT_FALSE(got.body.contains("temperature"));
    EXPECT_FALSE(got.body.contains("user"));
    EXPECT_EQ(got.body.dump().find("device_id"), std::string::npos);
    EXPECT_THAT(got.losses, HasSubstr("stop sequences"));
}

TEST(ResponsesRequestOut, WhatCameAsResponsesGoesOutTheSame) {
    const std::string body = R"({"model":"acme-1","instructions":"I","input":[
        {"type":"message","role":"user","content":[{"type":"input_image","detail":"low","image_url":"data:image/png;base64,AAAA"}]},
        {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"S"},
        {"type":"message","role":"assistant","phase":"commentary","content":[{"type":"output_text","text":"x"}]},
        {"type":"function_call","call_id":"c1","name":"spawn","namespace":"agents","arguments":"{}"},
        {"type":"custom_tool_call","call_id":"c2","name":"patch","input":"raw"},
        {"type":"function_call_output","call_id":"c1","output":"1"},
        {"type":"custom_tool_call_output","call_id":"c2","output":"2"},
        {"type":"image_generation_call","id":"ig_1","result":"x"}],
        "tools":[{"type":"namespace","name":"agents","tools":[{"type":"function","name":"spawn"},{"type":"function","name":"stop"}]},
                 {"type":"custom","name":"patch"},{"type":"web_search"}],
        "tool_choice":{"type":"custom","name":"patch"},"parallel_tool_calls":true,
        "reasoning":{"effort":"xhigh","summary":"detailed"},"text":{"verbosity":"low"},"include":["reasoning.encrypted_content"],
        "store":false,"temperature":1,"max_output_tokens":50,"prompt_cache_key":"k","service_tier":"auto","stream":true})";
    const Sent got = sent(responses(), body);
    EXPECT_EQ(Model::diff(Model::parse(body), got.body), Model::array()) << got.body.dump(1);
    EXPECT_EQ(got.losses, "");
}

TEST(ResponsesVerbatim, OnlyTheModelAndForeignReasoningChange) {
    const std::string body =
        R"({ "model":"x", "input":[{"type":"reasoning","encrypted_content":"ccr1.abc"},{"role":"user","content":"a"},{"type":"reasoning","encrypted_content":"own"}] })";
    const DecodedRequest request(responses(), body);
    EXPECT_EQ(
        responses().splice_request(*request.root, kTestTarget).body.take(),
        R"({ "model":"acme-1", "input":[{"role":"user","content":"a"},{"type":"reasoning","encrypted_content":"own"}] })");
}

}  // namespace
}  // namespace ccr::wire::openai_responses
