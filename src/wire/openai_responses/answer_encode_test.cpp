// Answers to a Responses client, complete and streamed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "chat/fold.h"
#include "wire/openai_responses/client_side.h"
#include "wire/relay_fixture.h"

namespace ccr::wire::openai_responses {
namespace {

using Model = nlohmann::json;
using testing::HasSubstr;

std::vector<Model> events_of(const std::string& stream) {
    std::vector<Model> out;
    net::SseParser parser;
    parser.feed(stream, [&](const net::SseMessage& message) {
        if (message.data.empty()) return;
        out.push_back(Model::parse(message.data));
        EXPECT_EQ(out.back()["type"], std::string(message.event));
    });
    return out;
}

std::vector<Model> streamed(chat::Reply& reply, const AnswerContext& context) {
    const auto encoder = open_encoder(context);
    std::string out;
    for (const chat::StreamEvent& event : chat::unfold(reply)) encoder->feed(event, out);
    return events_of(out);
}

json::Text text(const char* escaped) {
    return json::Text::from_escaped(escaped);
}

chat::Part part(auto body) {
    chat::Part out;
    out.body = std::move(body);
    return out;
}

chat::Reply reply_with_everything() {
    chat::Reply reply;
    reply.id = text("msg_1");
    reply.model = text("claude");
    chat::Reasoning reasoning;
    reasoning.text = text("because");
    reasoning.seal = text("c2ln");
    reply.parts.push_back(part(reasoning));
    reply.parts.push_back(part(chat::Prose{text("one \\\"two\\\"")}));
    reply.parts.push_back(part(chat::ToolCall{text("c1"), text("ls"), R"({"a":"b"})"}));
    reply.parts.push_back(part(chat::ToolCall{text("c2"), text("patch"), R"({"input":"p\nq"})"}));
    reply.parts.push_back(part(chat::ToolCall{text("c3"), text("agents__spawn"), "{}"}));
    reply.parts.push_back(part(chat::WebSearch{text("ws_9"), text("q"), {{text("u"), text("t")}}}));
    reply.stop = chat::StopReason::tool_use;
    reply.usage.input = 100;
    reply.usage.cache_read = 20;
    reply.usage.output = 7;
    reply.usage.reasoning = 3;
    return reply;
}

const DecodedRequest& asked() {
    static const DecodedRequest request(*codec_of(Protocol::openai_responses),
                                        R"({"model":"m","input":"x","tools":[
        {"type":"custom","name":"patch"},
        {"type":"namespace","name":"agents","tools":[{"type":"function","name":"spawn"}]}]})");
    return request;
}

AnswerContext context() {
    return {"req_1", 7, "m", true, &*asked().conversation};
}

TEST(ResponsesAnswer, AReplyHasEveryItemInItsOwnShape) {
    const Model got = Model::parse(encode_reply(reply_with_everything(), context()));
    EXPECT_EQ(got["object"], "response");
    EXPECT_EQ(got["status"], "completed");
    EXPECT_EQ(got["id"], "resp_msg_1");
    ASSERT_EQ(got["output"].size(), 6u);
    EXPECT_EQ(got["output"][0]["summary"][0]["text"], "because");
    EXPECT_EQ(got["output"][0]["encrypted_content"].get<std::string>().substr(0, 5), "ccr1.");
    EXPECT_EQ(got["output"][1]["content"][0]["text"], "one \"two\"");
    EXPECT_EQ(got["output"][2]["arguments"], R"({"a":"b"})");
    EXPECT_EQ(got["output"][3]["type"], "custom_tool_call");
    EXPECT_EQ(got["output"][3]["input"], "p\nq");
    EXPECT_EQ(got["output"][4]["name"], "spawn");
    EXPECT_EQ(got["output"][4]["namespace"], "agents");
    EXPECT_EQ(got["output"][5]["action"]["sources"][0]["url"], "u");
    EXPECT_EQ(
        got["usage"],
        Model::parse(
            R"({"input_tokens":120,"input_tokens_details":{"cached_tokens":20},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":3},"total_tokens":127})"));
}

TEST(ResponsesAnswer, TheStreamEndsWithTheWholeReply) {
    chat::Reply reply = reply_with_everything();
    const Model whole = Model::parse(encode_reply(reply, context()));
    const std::vector<Model> events = streamed(reply, context());
    ASSERT_GT(events.size(), 4u);
    EXPECT_EQ(events[0]["type"], "response.created");
    EXPECT_EQ(events[1]["type"], "response.in_progress");
    EXPECT_EQ(events.back()["type"], "response.completed");
    Model last = events.back()["response"];
    last["created_at"] = whole["created_at"];
    EXPECT_EQ(Model::diff(last, whole), Model::array());
}

// What an SDK builds out of the pieces is what the item says when it is done.
TEST(ResponsesAnswer, PiecesAddUpToTheItemsAndNumbersRise) {
    chat::Reply reply = reply_with_everything();
    std::map<int, std::string> pieces;
    std::map<int, std::string> ids;
    std::int64_t last = -1;
    for (const Model& event : streamed(reply, context())) {
        EXPECT_EQ(event["sequence_number"], last + 1);
        last = event["sequence_number"];
        const std::string type = event["type"];
        if (!event.contains("output_index")) continue;
        const int index = event["output_index"];
        if (event.contains("item_id")) {
            EXPECT_EQ(event["item_id"], ids[index]);
        }
        if (type == "response.output_item.added") ids[index] = event["item"]["id"];
        if (event.contains("delta")) pieces[index] += event["delta"].get<std::string>();
        if (type == "response.output_item.done") {
            EXPECT_EQ(event["item"]["id"], ids[index]);
        }
    }
    EXPECT_EQ(pieces[0], "because");
    EXPECT_EQ(pieces[1], "one \"two\"");
    EXPECT_EQ(pieces[2], R"({"a":"b"})");
    EXPECT_EQ(pieces[3], "p\nq");
    EXPECT_EQ(ids.size(), 6u);
}

TEST(ResponsesAnswer, AnEndByLengthIsIncomplete) {
    chat::Reply reply;
    reply.stop = chat::StopReason::max_tokens;
    const Model last = streamed(reply, context()).back();
    EXPECT_EQ(last["type"], "response.incomplete");
    EXPECT_EQ(last["response"]["incomplete_details"]["reason"], "max_output_tokens");
    EXPECT_EQ(last["response"]["usage"]["input_tokens"], 7);
}

TEST(ResponsesAnswer, AFailureIsAnErrorAndAFailedResponse) {
    const auto encoder = open_encoder(context());
    std::string out;
    encoder->feed(chat::Failed{make_error(ErrorKind::context_overflow, "too \"long\"")}, out);
    encoder->feed(chat::Finished{}, out);
    const std::vector<Model> events = events_of(out);
    ASSERT_EQ(events.size(), 4u);
    EXPECT_EQ(events[2]["type"], "error");
    EXPECT_EQ(events[2]["error"]["message"], "too \"long\"");
    EXPECT_EQ(events[3]["type"], "response.failed");
    EXPECT_EQ(events[3]["response"]["error"]["code"], "context_length_exceeded");
}

TEST(ResponsesAnswer, RedactedThinkingComesHome) {
    chat::Reply reply;
    chat::Reasoning reasoning;
    reasoning.redacted = true;
    reasoning.seal = text("ZGF0YQ");
    reply.parts.push_back(part(reasoning));
    const Model item = Model::parse(encode_reply(reply, context()))["output"][0];
    const DecodedRequest request(*codec_of(Protocol::openai_responses),
                                 R"({"model":"m","input":[)" + item.dump() + "]}");
    ASSERT_TRUE(request.conversation);
    const std::string body =
        codec_of(Protocol::anthropic)->encode_request(*request.conversation, kTestTarget).body;
    EXPECT_THAT(body, HasSubstr(R"({"type":"redacted_thinking","data":"ZGF0YQ"})"));
}

}  // namespace
}  // namespace ccr::wire::openai_responses
