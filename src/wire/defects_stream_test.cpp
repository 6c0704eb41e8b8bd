// Defects of the reference in writing Messages streams, B1 to B18 of its list, and in reading
// Chat's (T33): each test feeds the chat stream that broke it and reads what the client gets.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/relay_fixture.h"

namespace ccr::wire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string chunk(std::string_view delta, std::string_view finish = "") {
    return fmt::format("data: {{\"id\":\"c\",\"choices\":[{{\"index\":0,\"delta\":{}{}}}]}}\n\n",
                       delta,
                       finish.empty() ? "" : fmt::format(",\"finish_reason\":\"{}\"", finish));
}
constexpr std::string_view kUsage =
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":50,\"completion_tokens\":5,"
    "\"prompt_tokens_details\":{\"cached_tokens\":20}}}\n\n";
constexpr std::string_view kDone = "data: [DONE]\n\n";

Relayed answered(std::string_view stream) {
    Relayed out = relay(*codec_of(Protocol::openai_chat), *codec_of(Protocol::anthropic), {stream});
    EXPECT_EQ(out.complaint, "");
    return out;
}

// What a client makes of the events: the blocks in order, each delta under the block that was open.
std::vector<std::string> blocks(const std::string& bytes) {
    std::vector<std::string> out;
    int open = -1;
    net::SseParser parser;
    parser.feed(bytes, [&](const net::SseMessage& message) {
        json::Document document;
        const auto event = document.parse(message.data);
        ASSERT_TRUE(event) << message.data;
        const std::string type((*event)["type"].text().decode());
        const int index = static_cast<int>((*event)["index"].integer().value_or(-1));
        if (type == "content_block_start") {
            EXPECT_EQ(open, -1) << "two blocks are open";
            EXPECT_EQ(index, static_cast<int>(out.size()));
            open = index;
            const json::View block = (*event)["content_block"];
            out.push_back(std::string(block["type"].text().decode()) + ":" +
                          std::string(block["name"].text().decode()));
        } else if (type == "content_block_delta") {
            EXPECT_EQ(index, open) << "a delta outside of its block: " << message.data;
            const json::View delta = (*event)["delta"];
            for (const char* member : {"text", "thinking", "partial_json"})
                if (!out.empty()) out.back() += delta[member].text().decode();
        } else if (type == "content_block_stop") {
            EXPECT_EQ(index, open);
            open = -1;
        }
    });
    return out;
}

std::size_t count(const std::string& text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++found;
    return found;
}

TEST(Defects, B1_UsageInTheSameReadAsTheFinishCounts) {
    const Relayed out = answered(chunk(R"({"content":"x"})") + chunk("{}", "stop") +
                                 std::string(kUsage) + std::string(kDone));
    EXPECT_THAT(out.bytes, HasSubstr(R"("input_tokens":30)"));
    EXPECT_THAT(out.bytes, HasSubstr(R"("cache_read_input_tokens":20)"));
    EXPECT_THAT(out.bytes, HasSubstr(R"("output_tokens":5)"));
}

TEST(Defects, B2_CallsWithoutIndexStayApart) {
    const Relayed out = answered(
        chunk(
            R"({"tool_calls":[{"id":"a","function":{"name":"A","arguments":"{\"n\":1}"}},{"id":"b","function":{"name":"B","arguments":"{\"n\":2}"}}]})") +
        chunk(
            R"({"tool_calls":[{"index":0,"id":"c","function":{"name":"C","arguments":"{\"n\":3}"}}]})") +
        chunk("{}", "tool_calls"));
    EXPECT_THAT(blocks(out.bytes), ElementsAre(R"(tool_use:A{"n":1})", R"(tool_use:B{"n":2})",
                                               R"(tool_use:C{"n":3})"));
}

TEST(Defects, B3_TextAfterACallIsATextBlock) {
    const Relayed out = answered(
        chunk(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"A","arguments":"{}"}}]})") +
        chunk(R"({"content":"after"})") + chunk("{}", "tool_calls"));
    EXPECT_THAT(blocks(out.bytes), ElementsAre("tool_use:A{}", "text:after"));
}

TEST(Defects, B4_ASecondThoughtIsABlockOfItsOwn) {
    const Relayed out =
        answered(chunk(R"({"reasoning_content":"one"})") + chunk(R"({"content":"x"})") +
                 chunk(R"({"reasoning_content":"two"})") + chunk(R"({"content":"y"})") +
                 chunk("{}", "stop"));
    EXPECT_THAT(blocks(out.bytes), ElementsAre("thinking:one", "text:x", "thinking:two", "text:y"));
    EXPECT_THAT(out.bytes, Not(HasSubstr("\"index\":-1")));
}

TEST(Defects, B5_ThinkingAfterTextClosesTheText) {
    const Relayed out =
        answered(chunk(R"({"content":"x"})") + chunk(R"({"reasoning_content":"hm"})") +
                 chunk(R"({"content":"y"})") + chunk("{}", "stop"));
    EXPECT_THAT(blocks(out.bytes), ElementsAre("text:x", "thinking:hm", "text:y"));
}

TEST(Defects, B6_InterleavedCallsReachTheirOwnBlocks) {
    const Relayed out = answered(
        chunk(
            R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"A","arguments":"{\"x\""}}]})") +
        chunk(
            R"({"tool_calls":[{"index":1,"id":"b","function":{"name":"B","arguments":"{\"y\""}}]})") +
        chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]})") +
        chunk(R"({"tool_calls":[{"index":1,"function":{"arguments":":2}"}}]})") +
        chunk("{}", "tool_calls"));
    EXPECT_THAT(blocks(out.bytes), ElementsAre(R"(tool_use:A{"x":1})", R"(tool_use:B{"y":2})"));
}

TEST(Defects, B7_AnErrorEventIsOneAndEndsTheStream) {
    const Relayed out = answered(chunk(R"({"content":"x"})") +
                                 "data: {\"error\":{\"message\":\"too busy\",\"code\":503}}\n\n" +
                                 chunk(R"({"content":"never"})"));
    EXPECT_THAT(out.bytes,
                HasSubstr("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"));
    EXPECT_THAT(out.bytes, HasSubstr("too busy"));
    for (const char* more : {"never", "message_stop", "end_turn"})
        EXPECT_THAT(out.bytes, Not(HasSubstr(more)));
    EXPECT_TRUE(out.failure);
}

TEST(Defects, B8_NothingAtAllIsAnErrorNotAnEmptyMessage) {
    for (const std::string_view stream : {"", "data: [DONE]\n\n", ": hello\n\n"}) {
        const Relayed out = answered(stream);
        const bool whole = count(out.bytes, "event: message_start") == 1;
        EXPECT_TRUE(out.failure || whole) << stream << out.bytes;
        if (count(out.bytes, "message_stop") != 0) {
            EXPECT_TRUE(whole) << out.bytes;
        }
    }
}

TEST(Defects, B9_StopReasonsMeanWhatTheyMeant) {
    const auto reason = [](std::string_view delta, std::string_view finish) {
        const std::string bytes = answered(chunk(delta) + chunk("{}", finish)).bytes;
        const std::size_t at = bytes.find("\"stop_reason\":\"");
        return at == std::string::npos ? bytes
                                       : bytes.substr(at + 15, bytes.find('"', at + 15) - at - 15);
    };
    constexpr std::string_view kText = R"({"content":"x"})";
    EXPECT_EQ(reason(kText, "content_filter"), "refusal");
    EXPECT_EQ(reason(kText, "MAX_TOKENS"), "max_tokens");
    EXPECT_EQ(reason(kText, "SAFETY"), "refusal");
    EXPECT_EQ(
        reason(R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"A","arguments":"{}"}}]})",
               "stop"),
        "tool_use");
}

TEST(Defects, B10_TheFirstUsageIsAnEstimateNotZero) {
    const Relayed out = answered(chunk(R"({"content":"x"})") + chunk("{}", "stop"));
    const std::string start = out.bytes.substr(0, out.bytes.find("\n\n"));
    EXPECT_THAT(start, HasSubstr(R"("input_tokens":7)"));  // what the fixture says it estimates
}

TEST(Defects, B11_ALastLineWithoutItsEndIsRead) {
    std::string stream = chunk(R"({"content":"x"})") + chunk(R"({"content":" last"})", "stop");
    while (stream.ends_with('\n')) stream.pop_back();
    const Relayed out = answered(stream);
    EXPECT_THAT(blocks(out.bytes), ElementsAre("text:x last"));
    EXPECT_TRUE(out.finished);
}

TEST(Defects, B12_TheStopSequenceIsNamed) {
    const Relayed out = answered(
        chunk(R"({"content":"x"})") +
        "data: "
        "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\",\"stop_reason\":\"END\"}]}\n\n");
    EXPECT_THAT(out.bytes, HasSubstr(R"("stop_reason":"stop_sequence")"));
    EXPECT_THAT(out.bytes, HasSubstr(R"("stop_sequence":"END")"));
}

TEST(Defects, B13_ACallWaitsForItsName) {
    const Relayed out = answered(
        chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]})") +
        chunk(
            R"({"tool_calls":[{"index":0,"id":"late","function":{"name":"Late","arguments":"1}"}}]})") +
        chunk("{}", "tool_calls"));
    EXPECT_THAT(blocks(out.bytes), ElementsAre(R"(tool_use:Late{"x":1})"));
    EXPECT_THAT(out.bytes, HasSubstr(R"("id":"late")"));
}

TEST(Defects, B14_CitationsAreOneSearch) {
    const auto citation = [](std::string_view url) {
        return fmt::format(R"({{"type":"url_citation","url_citation":{{"url":"{}","title":"T"}}}})",
                           url);
    };
    const Relayed out =
        answered(chunk(R"({"content":"found"})") +
                 chunk(fmt::format(R"({{"annotations":[{},{}]}})", citation("https://a.org"),
                                   citation("https://b.org"))) +
                 chunk("{}", "stop"));
    EXPECT_EQ(count(out.bytes, R"("type":"server_tool_use")"), 1u);
    EXPECT_EQ(count(out.bytes, R"("type":"web_search_tool_result")"), 1u);
    EXPECT_THAT(out.bytes, HasSubstr("https://a.org"));
    EXPECT_THAT(out.bytes, HasSubstr("https://b.org"));
}

TEST(Defects, B15_ObjectsAndArraysBecomeText) {
    const Relayed out = answered(
        chunk(R"({"content":[{"type":"text","text":"part"}]})") +
        chunk(
            R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"A","arguments":{"x":1}}}]})") +
        chunk("{}", "tool_calls"));
    EXPECT_THAT(blocks(out.bytes), ElementsAre("text:part", R"(tool_use:A{"x":1})"));
}

// B16, the silence that no ping bridges, is heard in tests/e2e/test_heartbeat.py.

TEST(Defects, B17_MessageIdsDoNotCollide) {
    const Relayed out = answered(chunk(R"({"content":"x"})") + chunk("{}", "stop"));
    const std::size_t at = out.bytes.find("\"id\":\"");
    ASSERT_NE(at, std::string::npos);
    // The upstream's own id where there is one; ours, of the request, where there is none.
    EXPECT_NE(out.bytes.substr(at + 6, 1), "\"");
    EXPECT_THAT(out.bytes.substr(0, out.bytes.find("\n\n")), Not(HasSubstr("msg_17")));
}

TEST(Defects, B18_AStreamThatBreaksOffEndsInAnError) {
    const Relayed out = answered(chunk(R"({"content":"half of"})"));
    EXPECT_THAT(out.bytes, HasSubstr("event: error"));
    EXPECT_THAT(out.bytes, Not(HasSubstr("message_stop")));
    EXPECT_FALSE(out.finished);
}

// T33: the space behind "data:" is optional, as are comments, other fields and the kind of line
// end; what stands behind the last of them is told like all else, and a half line to nobody.
TEST(Defects, T33_LinesOfAStreamAreReadAsTheStandardHasThem) {
    const std::string stream =
        chunk(R"({"content":"one"})") + chunk(R"({"content":" two"})") + chunk("{}", "stop");
    const std::string usual = answered(stream + std::string(kDone)).bytes;
    EXPECT_THAT(usual, HasSubstr("message_stop"));
    std::string tight, crlf, fields;
    for (std::size_t at = 0; at < stream.size();) {
        const std::size_t end = stream.find("\n\n", at);
        const std::string data = stream.substr(at + 6, end - at - 6);
        tight += "data:" + data + "\n\n";
        crlf += "data: " + data + "\r\n\r\n";
        fields += ": a comment\nid: 7\nevent: message\nretry: 5\ndata: " + data + "\n\n";
        at = end + 2;
    }
    for (const std::string& other : {tight, crlf, fields})
        EXPECT_EQ(answered(other + "data:[DONE]\n\n").bytes, usual) << other;
    EXPECT_EQ(answered(stream + "data: [DONE]").bytes, usual) << "a last line without its end";
    EXPECT_EQ(answered(stream + std::string(kDone) + "data: {\"choi").bytes, usual);
}

}  // namespace
}  // namespace ccr::wire
