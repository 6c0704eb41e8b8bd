#include <fmt/format.h>
#include <gtest/gtest.h>

#include "chat/random_chat_fixture.h"
#include "wire/anthropic/anthropic.h"
#include "wire/relay_fixture.h"
#include "wire/seal.h"

namespace ccr::wire::anthropic {
namespace {

const std::string kForeign = pack_seal(
    {Protocol::openai_chat, json::Text::literal("acme"), json::Text::literal("reasoning")}, {}, {});

// --- the verbatim lane ---

std::string spliced(const std::string& body, std::size_t losses) {
    const DecodedRequest request(codec, body);
    EXPECT_TRUE(request.conversation) << body;
    SplicedRequest request_sent = codec.splice_request(*request.root, kTestTarget);
    EXPECT_EQ(request_sent.losses.size(), losses);
    return std::move(request_sent.body).take();
}

TEST(Splice, CutsForeignThinkingAndNothingElse) {
    const std::string own = R"( {"type":"thinking" , "thinking":"mine","signature":"c2ln"})";
    const auto body = [&](std::string_view model, std::string_view before, std::string_view after) {
        return fmt::format(
            "{{ \"model\" : "
            "\"{}\",\"messages\":[{{\"role\":\"assistant\",\"content\":[{}{},{{\"type\":\"text\","
            "\"text\":\"\\u0041\"}}{}]}}] , \"x\":1e0}}",
            model, before, own, after);
    };
    const std::string foreign =
        fmt::format(R"({{"type":"thinking","thinking":"theirs","signature":"{}"}})", kForeign);
    EXPECT_EQ(spliced(body("claude", "", ""), 0), body("acme-1", "", ""));
    const std::string first = spliced(body("claude", foreign + " ,", ""), 1);
    EXPECT_EQ(first, body("acme-1", "", "")
                         .replace(body("acme-1", "", "").find(own), own.size(), own.substr(1)));
    EXPECT_EQ(spliced(body("claude", "", " , " + foreign), 1), body("acme-1", "", ""));
}

TEST(Splice, AMessageOfNothingElseSaysSo) {
    const std::string body = fmt::format(
        R"({{"model":"acme-1","messages":[{{"role":"assistant","content":[{{"type":"thinking","thinking":"t","signature":"{}"}}]}}]}})",
        kForeign);
    EXPECT_EQ(
        spliced(body, 1),
        R"x({"model":"acme-1","messages":[{"role":"assistant","content":[{"type":"text","text":"(thinking omitted)"}]}]})x");
}

// --- the translated lane ---

std::string encoded_messages(const Codec& client, const std::string& body, std::size_t losses) {
    const DecodedRequest request(client, body);
    EXPECT_TRUE(request.conversation) << body;
    const Encoded encoded = codec.encode_request(*request.conversation, kTestTarget);
    EXPECT_EQ(encoded.losses.size(), losses) << encoded.body;
    json::Document document;
    const json::View root = *document.parse(encoded.body);
    return fmt::format("{} {}", root["system"].raw(), root["messages"].raw());
}

TEST(Encode, ForeignThinkingIsLeftOutWithALoss) {
    const std::string thought =
        fmt::format(R"({{"type":"thinking","thinking":"t","signature":"{}"}})", kForeign);
    EXPECT_EQ(
        encoded_messages(
            codec,
            fmt::format(
                R"({{"model":"m","messages":[{{"role":"assistant","content":[{},{{"type":"text","text":"x"}}]}}]}})",
                thought),
            1),
        R"( [{"role":"assistant","content":[{"type":"text","text":"x"}]}])");
    EXPECT_EQ(
        encoded_messages(
            codec,
            fmt::format(
                R"({{"model":"m","messages":[{{"role":"user","content":"q"}},{{"role":"assistant","content":[{}]}}]}})",
                thought),
            1),
        R"( [{"role":"user","content":[{"type":"text","text":"q"}]}])");
    EXPECT_EQ(
        encoded_messages(
            *codec_of(Protocol::openai_chat),
            R"({"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a","reasoning_content":"r"}]})",
            1),
        R"( [{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"assistant","content":[{"type":"text","text":"a"}]}])");
}

TEST(Encode, WhatOnlyChatKnowsIsNoted) {
    EXPECT_EQ(
        encoded_messages(*codec_of(Protocol::openai_chat),
                         R"({"model":"m","messages":[{"role":"user","name":"n","content":[
                  {"type":"image_url","image_url":{"url":"https://e.org/i.png","detail":"low"}},{"type":"file","file":{"file_id":"f"}}]}]})",
                         3),
        R"( [{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://e.org/i.png"}},)"
        R"({"type":"text","text":"[A file that was uploaded to another provider stood here.]"}]}])");
}

// Messages refuses an empty text, and a message or a request of nothing else.
TEST(Encode, NothingEmptyOfAnotherClientIsSent) {
    const Codec& chat = *codec_of(Protocol::openai_chat);
    EXPECT_EQ(
        encoded_messages(
            chat,
            R"({"model":"m","messages":[{"role":"system","content":""},{"role":"user","content":"q"},
                  {"role":"assistant","content":""},{"role":"system","content":""},{"role":"user","content":[
                  {"type":"text","text":""},{"type":"text","text":"r"}]}]})",
            1),
        R"( [{"role":"user","content":[{"type":"text","text":"q"}]},{"role":"user","content":[{"type":"text","text":"r"}]}])");
    EXPECT_EQ(
        encoded_messages(chat, R"({"model":"m","messages":[{"role":"system","content":"s"}]})", 0),
        R"x([{"type":"text","text":"s"}] [{"role":"user","content":"(no message)"}])x");
}

TEST(Encode, IdsOfCallsAreOnesThatMessagesTakes) {
    const std::string got = encoded_messages(
        *codec_of(Protocol::openai_chat),
        R"({"model":"m","messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[
            {"id":"functions.Read:0","type":"function","function":{"name":"Read","arguments":"{}"}},
            {"type":"function","function":{"name":"List","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"functions.Read:0","content":"r"}]})",
        0);
    EXPECT_NE(got.find(R"("id":"functions_Read_0")"), got.npos) << got;
    EXPECT_NE(got.find(R"("tool_use_id":"functions_Read_0")"), got.npos) << got;
    EXPECT_NE(got.find(R"("id":"call_1_1")"), got.npos) << got;
}

TEST(Encode, ARecordingIsTold) {
    EXPECT_EQ(
        encoded_messages(
            *codec_of(Protocol::openai_chat),
            R"({"model":"m","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]})",
            1),
        R"( [{"role":"user","content":[{"type":"text","text":"[A recording stood here.]"}]}])");
}

TEST(Encode, AChatClientsSystemTurnsFindTheirPlace) {
    EXPECT_EQ(
        encoded_messages(
            *codec_of(Protocol::openai_chat),
            R"({"model":"m","messages":[{"role":"system","content":"a"},{"role":"developer","content":"b"},
                  {"role":"user","content":"q"},{"role":"system","content":"c"}]})",
            0),
        R"([{"type":"text","text":"a"},{"type":"text","text":"b"}] [{"role":"user","content":[{"type":"text","text":"q"}]},)"
        R"({"role":"user","content":[{"type":"text","text":"<system-reminder>\nc\n</system-reminder>"}]}])");
}

TEST(Encode, MessagesOwnSystemTurnsStayWhereTheyAre) {
    EXPECT_EQ(
        encoded_messages(
            codec,
            R"({"model":"m","system":"s","messages":[{"role":"user","content":"q"},{"role":"system","content":"c","output_config":{"effort":"low"}}]})",
            0),
        R"([{"type":"text","text":"s"}] [{"role":"user","content":[{"type":"text","text":"q"}]},)"
        R"({"role":"system","content":[{"type":"text","text":"c"}],"output_config":{"effort":"low"}}])");
}

// --- bad requests ---

struct Wrong {
    const char* body;
    const char* why;
};
void PrintTo(const Wrong& w, std::ostream* out) {
    *out << w.body;
}
class WrongRequest : public testing::TestWithParam<Wrong> {};

TEST_P(WrongRequest, IsRefusedByName) {
    const DecodedRequest request(codec, GetParam().body);
    ASSERT_FALSE(request.conversation);
    EXPECT_EQ(request.conversation.error().message, GetParam().why);
    EXPECT_EQ(request.conversation.error().status, 400);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongRequest,
    testing::Values(
        Wrong{"[]", "body: Input should be an object"}, Wrong{"{}", "model: Field required"},
        Wrong{R"({"model":7,"messages":[]})", "model: Field required"},
        Wrong{R"({"model":"m"})", "messages: Field required"},
        Wrong{R"({"model":"m","messages":{}})", "messages: Input should be a valid array"},
        Wrong{R"({"model":"m","messages":[7]})", "messages.0: Input should be an object"},
        Wrong{R"({"model":"m","messages":[{"role":"robot"}]})",
              "messages.0.role: Input should be 'user', 'assistant' or 'system'"},
        Wrong{R"({"model":"m","messages":[{"role":"user","content":7}]})",
              "messages.0.content: Input should be a valid string or array"},
        Wrong{R"({"model":"m","messages":[{"role":"user","content":[{}]}]})",
              "messages.0.content.0.type: Field required"},
        Wrong{R"({"model":"m","messages":[{"role":"user","content":[{"type":"image"}]}]})",
              "messages.0.content.0.source: Field required"},
        Wrong{R"({"model":"m","messages":[{"role":"user","content":[{"type":"tool_result"}]}]})",
              "messages.0.content.0.tool_use_id: Field required"},
        Wrong{R"({"model":"m","messages":[],"tools":[{}]})", "tools.0.name: Field required"},
        Wrong{R"({"model":"m","messages":[],"tool_choice":{"type":7}})",
              "tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'"},
        Wrong{R"({"model":"m","messages":[],"tool_choice":{"type":"tool"}})",
              "tool_choice.name: Field required"},
        Wrong{R"({"model":"m","messages":[],"thinking":{"type":7}})",
              "thinking.type: Input should be 'adaptive', 'enabled' or 'disabled'"},
        Wrong{R"({"model":"m","messages":[],"max_tokens":"5"})",
              "max_tokens: Input should be a valid number"},
        Wrong{R"({"model":"m","messages":[],"max_tokens":5.5})",
              "max_tokens: Input should be a valid integer"},
        Wrong{R"({"model":"m","messages":[],"stream":"yes"})",
              "stream: Input should be a valid boolean"},
        Wrong{R"({"model":"m","messages":[],"stop_sequences":"x"})",
              "stop_sequences: Input should be a valid array"}));

// --- streams ---

Relayed relayed(std::string_view stream) {
    return relay(codec, codec, {stream});
}
std::string event(std::string_view data) {
    return fmt::format("data: {}\n\n", data);
}
const std::string kStart = event(
    R"({"type":"message_start","message":{"id":"m","model":"x","usage":{"input_tokens":3}}})");

TEST(Stream, ErrorEventsKeepTheirKind) {
    const Relayed got = relayed(
        kStart +
        event(R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})"));
    ASSERT_TRUE(got.failure);
    EXPECT_EQ(got.failure->kind, ErrorKind::overloaded);
    EXPECT_EQ(got.failure->status, 529);
    EXPECT_FALSE(got.finished);
}

TEST(Stream, AnErrorWithoutItsTypeIsAnError) {
    const Relayed got =
        relayed(event(R"({"error":{"type":"rate_limit_error","message":"slow down"}})"));
    ASSERT_TRUE(got.failure);
    EXPECT_EQ(got.failure->status, 429);
}

TEST(Stream, WhatCannotFollowBreaksItOff) {
    for (const std::string& stream :
         {event(R"({"type":"message_stop"})"),
          event(R"({"type":"content_block_start","content_block":{"type":"text"}})"),
          kStart +
              event(R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"x"}})"),
          kStart + event(R"({"type":"content_block_start"})"),
          kStart + event(R"({"type":"content_block_start","content_block":{}})") +
              event(R"({"type":"content_block_delta"})"),
          kStart + event("[1]"), kStart + event("{")}) {
        const Relayed got = relayed(stream + event(R"({"type":"message_stop"})"));
        EXPECT_EQ(got.complaint, "") << stream;
        EXPECT_EQ(got.ends, 1) << stream;
        EXPECT_FALSE(got.finished) << stream;
    }
}

// A redacted block shows its data alone, whatever else its sender puts in.
TEST(Stream, RedactedThinkingIsWrittenWholeOnce) {
    const Relayed got = relayed(
        kStart +
        event(
            R"({"type":"content_block_start","index":0,"content_block":{"type":"redacted_thinking","data":"DD","thinking":"odd"}})") +
        event(
            R"({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"odd"}})") +
        event(R"({"type":"content_block_stop","index":0})") + event(R"({"type":"message_stop"})"));
    EXPECT_TRUE(got.finished);
    EXPECT_NE(got.bytes.find(R"("content_block":{"type":"redacted_thinking","data":"DD"})"),
              std::string::npos);
    EXPECT_EQ(got.bytes.find("odd"), std::string::npos);
    EXPECT_EQ(got.bytes.find("content_block_delta"), std::string::npos);
}

TEST(Stream, EveryStopReasonSurvives) {
    for (const char* reason : {"end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal",
                               "pause_turn", "model_context_window_exceeded"}) {
        const Relayed got = relayed(
            kStart +
            event(fmt::format(
                R"({{"type":"message_delta","delta":{{"stop_reason":"{}"}},"usage":{{"output_tokens":5}}}})",
                reason)) +
            event(R"({"type":"message_stop"})"));
        EXPECT_NE(got.bytes.find(fmt::format("\"stop_reason\":\"{}\"", reason)), std::string::npos);
        EXPECT_EQ(got.reply.usage.output, 5);
        EXPECT_EQ(got.reply.usage.input, 3);
    }
}

// --- replies ---

TEST(Reply, SurvivesTheHub) {
    json::Random r(1);
    for (int i = 0; i < 500; ++i) {
        chat::Reply reply = chat::random_reply(r);
        const std::string once = codec.encode_reply(reply, {"req_1", 0, "m", true});
        const auto decoded = codec.decode_reply(once, kTestTarget);
        ASSERT_TRUE(decoded) << decoded.error().message << once;
        ASSERT_EQ(codec.encode_reply(*decoded, {"req_1", 0, "m", true}), once);
    }
}

TEST(Reply, ErrorsInsideA200AreErrors) {
    const auto reply = codec.decode_reply(
        R"({"type":"error","error":{"type":"rate_limit_error","message":"slow down"}})",
        kTestTarget);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().status, 429);
    for (const char* body : {"", "[]", "{}", R"({"content":"x"})", R"({"content":[{}]})"})
        EXPECT_FALSE(codec.decode_reply(body, kTestTarget)) << body;
}

}  // namespace
}  // namespace ccr::wire::anthropic
