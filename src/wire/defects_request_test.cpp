// Defects of the reference in reading Messages requests, A1 to A14 of its list: each test shows
// what reaches a Chat Completions provider instead.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wire/relay_fixture.h"

namespace ccr::wire {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Sent {
    std::string body;
    chat::Losses losses;
};

// `members` of a Messages request as a chat provider gets it.
Sent sent(std::string_view members) {
    const DecodedRequest request(*codec_of(Protocol::anthropic),
                                 fmt::format(R"({{"model":"m","max_tokens":9,{}}})", members));
    EXPECT_TRUE(request.conversation) << request.body;
    if (!request.conversation) return {};
    Encoded encoded =
        codec_of(Protocol::openai_chat)->encode_request(*request.conversation, kTestTarget);
    return {std::move(encoded.body), std::move(encoded.losses)};
}

Sent sent_messages(std::string_view messages) {
    return sent(fmt::format(R"("messages":[{}])", messages));
}

std::string messages_of(const Sent& sent) {
    json::Document document;
    const auto root = document.parse(sent.body);
    return root ? std::string((*root)["messages"].raw()) : "no JSON: " + sent.body;
}

TEST(Defects, A1_SamplingReachesTheProvider) {
    const Sent out = sent(
        R"("messages":[],"top_p":0.5,"stop_sequences":["END"],"top_k":7,"metadata":{"user_id":"u1"})");
    EXPECT_THAT(out.body, HasSubstr(R"("top_p":0.5)"));
    EXPECT_THAT(out.body, HasSubstr(R"("stop":["END"])"));
    EXPECT_THAT(out.body, HasSubstr(R"("user":"u1")"));
    ASSERT_FALSE(out.losses.empty());  // chat has no top_k
    EXPECT_EQ(out.losses[0].where, "top_k");
}

TEST(Defects, A2_ToolChoiceAnyIsRequired) {
    const Sent out = sent(
        R"("messages":[],"tools":[{"name":"A","input_schema":{"type":"object"}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true})");
    EXPECT_THAT(out.body, HasSubstr(R"("tool_choice":"required")"));
    EXPECT_THAT(out.body, HasSubstr(R"("parallel_tool_calls":false)"));
}

TEST(Defects, A3_ThinkingThatIsOffAsksForNothing) {
    const Sent off = sent(R"("messages":[],"thinking":{"type":"disabled"})");
    EXPECT_THAT(off.body, Not(HasSubstr("reasoning")));
    const Sent adaptive =
        sent(R"("messages":[],"thinking":{"type":"adaptive"},"output_config":{"effort":"low"})");
    EXPECT_THAT(adaptive.body, HasSubstr(R"("reasoning_effort":"low")"));
    EXPECT_THAT(adaptive.body, Not(HasSubstr(R"("reasoning":)")));
}

TEST(Defects, A4_ImagesInToolResultsStayImages) {
    const Sent out = sent_messages(
        R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","is_error":true,"content":[
        {"type":"text","text":"out"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}}]},
        {"type":"tool_result","tool_use_id":"u"}]})");
    EXPECT_THAT(out.body, HasSubstr(R"("image_url":{"url":"data:image/png;base64,QUJD"})"));
    EXPECT_THAT(out.body, HasSubstr("error"));
    json::Document document;
    for (const json::View message : (*document.parse(out.body))["messages"].elements()) {
        EXPECT_TRUE(message["content"]) << message.raw();
        if (!message["role"].text().equals("tool")) continue;
        EXPECT_THAT(std::string(message["content"].raw()), Not(HasSubstr("QUJD")));
    }
}

TEST(Defects, A5_ATurnOfDocumentsIsNotDropped) {
    const Sent out = sent_messages(
        R"({"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"}}]},
        {"role":"user","content":[{"type":"never_heard_of","x":1}]})");
    EXPECT_THAT(out.body, HasSubstr("JVBE"));
    json::Document document;
    EXPECT_GE((*document.parse(out.body))["messages"].size(), 1u);
    for (const chat::Loss& loss : out.losses) EXPECT_FALSE(loss.what.empty());
    EXPECT_THAT(out.body.find("never_heard_of") != std::string::npos || !out.losses.empty(), true);
}

TEST(Defects, A6_WhatFollowsAToolResultKeepsItsOrder) {
    const std::string messages = messages_of(sent_messages(
        R"({"role":"user","content":[{"type":"text","text":"one"},{"type":"tool_result","tool_use_id":"t","content":"r"},
        {"type":"text","text":"two"},{"type":"image","source":{"type":"url","url":"https://e.org/i.png"}},{"type":"text","text":"three"}]})"));
    const std::size_t one = messages.find("one"), two = messages.find("two"),
                      image = messages.find("i.png"), three = messages.find("three");
    ASSERT_NE(one, std::string::npos);
    ASSERT_NE(three, std::string::npos);
    EXPECT_LT(one, two);
    EXPECT_LT(two, image);
    EXPECT_LT(image, three);
}

TEST(Defects, A7_EveryThoughtIsKeptOrItsLossIsTold) {
    const Sent out = sent_messages(
        R"({"role":"assistant","content":[{"type":"thinking","thinking":"first"},{"type":"thinking","thinking":"second","signature":"c2ln"},
        {"type":"redacted_thinking","data":"x"},{"type":"text","text":"said"}]})");
    const auto lost = std::ranges::count_if(
        out.losses, [](const chat::Loss& loss) { return loss.what == "thinking"; });
    EXPECT_EQ(lost, 3);
}

TEST(Defects, A8_TextBlocksAreNotJoinedByInventedLineBreaks) {
    const Sent out = sent_messages(
        R"({"role":"assistant","content":[{"type":"text","text":"half a li"},{"type":"text","text":"ne"}]})");
    EXPECT_THAT(out.body, Not(HasSubstr(R"(half a li\nne)")));
    EXPECT_THAT(out.body, HasSubstr("half a li"));
}

TEST(Defects, A9_ServerToolsAreNoFunctionsWithoutParameters) {
    const Sent out = sent(
        R"("messages":[],"tools":[{"type":"web_search_20250305","name":"web_search","max_uses":8}])");
    EXPECT_THAT(out.body, Not(HasSubstr(R"("name":"web_search")")));
    EXPECT_THAT(out.body.find("web_search") != std::string::npos || !out.losses.empty(), true);
}

TEST(Defects, A10_CacheMarksDoNotLeak) {
    const Sent out = sent(
        R"("system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"tools":[{"name":"A","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],
        "messages":[{"role":"user","content":[{"type":"text","text":"q","cache_control":{"type":"ephemeral"}},
        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}}]}])");
    for (const char* foreign : {"cache_control", "media_type", "\"thinking\""})
        EXPECT_THAT(out.body, Not(HasSubstr(foreign)));
}

TEST(Defects, A11_AnImageByFileIdIsNoEmptyUrl) {
    const Sent out = sent_messages(
        R"({"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f1"}},{"type":"text","text":"q"}]})");
    EXPECT_THAT(out.body, Not(HasSubstr("image_url")));
    EXPECT_FALSE(out.losses.empty());
}

TEST(Defects, A12_SystemTurnsInMidConversationArrive) {
    const std::string messages = messages_of(sent_messages(
        R"({"role":"user","content":"q"},{"role":"system","content":"mind the date"},{"role":"assistant","content":"a"})"));
    const std::size_t q = messages.find("\"q"), date = messages.find("mind the date");
    ASSERT_NE(date, std::string::npos);
    EXPECT_LT(q, date) << messages;
}

TEST(Defects, A13_AnEmptyAssistantTurnIsNoEmptyString) {
    const Sent with_call = sent_messages(
        R"({"role":"assistant","content":[{"type":"tool_use","id":"t","name":"A","input":{}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"r"}]})");
    EXPECT_THAT(with_call.body, Not(HasSubstr(R"("content":"")")));
    const Sent empty = sent_messages(
        R"({"role":"user","content":"q"},{"role":"assistant","content":[]},{"role":"user","content":"r"})");
    EXPECT_THAT(empty.body, Not(HasSubstr(R"("role":"assistant")")));
}

TEST(Defects, A14_ImageDataIsNotCutAtTheWordBase64) {
    const Sent out = sent_messages(
        R"({"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAbase64BB"}}]})");
    EXPECT_THAT(out.body, HasSubstr("data:image/png;base64,AAbase64BB"));
}

}  // namespace
}  // namespace ccr::wire
