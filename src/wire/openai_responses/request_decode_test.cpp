#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/random_chat_fixture.h"
#include "wire/openai_responses/client_side.h"
#include "wire/relay_fixture.h"
#include "wire/seal.h"

namespace ccr::wire::openai_responses {
namespace {

const Codec& responses() {
    return *codec_of(Protocol::openai_responses);
}

DecodedRequest decoded(std::string body) {
    return {responses(), std::move(body)};
}

std::string with_input(const std::string& items, const std::string& more = "") {
    return R"({"model":"m","input":[)" + items + "]" + more + "}";
}

std::string refusal_of(const std::string& body) {
    const DecodedRequest request = decoded(body);
    return request.conversation ? "accepted" : request.conversation.error().message;
}

// One line for each turn: role and parts.
std::vector<std::string> turns_of(const DecodedRequest& request) {
    std::vector<std::string> out;
    if (!request.conversation) return {request.conversation.error().message};
    for (const chat::Turn& turn : request.conversation->turns) {
        std::string line = turn.role == chat::Role::user        ? "user"
                           : turn.role == chat::Role::assistant ? "assistant"
                                                                : "system";
        for (const chat::Part& part : turn.parts)
            line += "; " + std::visit(chat::DescribePart{}, part.body);
        out.push_back(line);
    }
    return out;
}

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ResponsesRequest, AStringIsOneUserTurn) {
    const auto request =
        decoded(R"({"model":"m","instructions":"Be brief.","input":"hi","stream":true})");
    EXPECT_THAT(turns_of(request), ElementsAre("system; prose Be brief.", "user; prose hi"));
    EXPECT_TRUE(request.conversation->stream);
}

TEST(ResponsesRequest, NeighbouringItemsOfOneSideAreOneTurn) {
    const auto request = decoded(with_input(R"(
        {"type":"message","role":"developer","content":"rules"},
        {"role":"user","content":[{"type":"input_text","text":"go"}]},
        {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}],"encrypted_content":"SEAL"},
        {"type":"message","role":"assistant","content":[{"type":"output_text","text":"doing"}]},
        {"type":"function_call","call_id":"c1","name":"ls","arguments":"{\"a\":1}"},
        {"type":"function_call","call_id":"c2","name":"ls","arguments":""},
        {"type":"function_call_output","call_id":"c1","output":"one"},
        {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"two"}]},
        {"role":"user","content":"and now?"})"));
    EXPECT_THAT(
        turns_of(request),
        ElementsAre("system; prose rules", "user; prose go",
                    "assistant; reasoning false responses  | rs_1 | a\n\nb SEAL ; prose doing; "
                    "call c1 ls {\"a\":1}; call c2 ls {}",
                    "user; result c1; result c2; prose and now?"));
}

TEST(ResponsesRequest, ImagesAndFilesAreMedia) {
    const auto request = decoded(with_input(R"({"role":"user","content":[
        {"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"high"},
        {"type":"input_image","image_url":"https://e.org/i.png"},
        {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,JVBER"},
        {"type":"input_file","file_url":"https://e.org/a.pdf"},
        {"type":"input_file","file_id":"file_1"}]})"));
    EXPECT_THAT(turns_of(request),
                ElementsAre("user; media image/png AAAA; media  https://e.org/i.png; media "
                            "application/pdf JVBER; media  https://e.org/a.pdf; media  file_1"));
}

TEST(ResponsesRequest, WhatWouldNeedStoredAnswersIsRefusedWithAdvice) {
    for (const std::string member :
         {R"("previous_response_id":"resp_1")", R"("conversation":"conv_1")",
          R"("conversation":{"id":"conv_1"})", R"("background":true)"}) {
        const std::string refusal = refusal_of(with_input("", "," + member));
        EXPECT_THAT(refusal, HasSubstr("Send the whole input")) << member;
    }
    EXPECT_EQ(refusal_of(with_input(
                  "", R"(,"previous_response_id":null,"background":false,"conversation":null)")),
              "accepted");
}

TEST(ResponsesRequest, RefusalsNameTheMember) {
    EXPECT_EQ(refusal_of(R"({"model":"m"})"), "input: Field required");
    EXPECT_EQ(refusal_of(R"({"input":"x"})"), "model: Field required");
    EXPECT_EQ(refusal_of(with_input(R"({"role":"robot","content":"x"})")),
              "input[0].role: Expected one of user, assistant, system, developer");
    EXPECT_EQ(refusal_of(with_input(R"({"type":"function_call","name":"f"})")),
              "input[0].call_id: Field required");
    EXPECT_THAT(refusal_of(with_input(R"({"role":"user","content":[{"type":"image"}]})")),
                HasSubstr("input[0].content[0].type: Expected"));
    EXPECT_EQ(refusal_of(with_input("", R"(,"stream":1)")), "stream: Expected true or false");
}

constexpr const char* kTools = R"(,"tools":[
    {"type":"function","name":"ls","parameters":{"type":"object"},"strict":true},
    {"type":"namespace","name":"agents","description":"d","tools":[
        {"type":"function","name":"spawn","description":"s","parameters":{"type":"object"}}]},
    {"type":"custom","name":"patch","description":"Patches.","format":{"type":"grammar","syntax":"lark","definition":"start: A"}},
    {"type":"tool_search","execution":"client","description":"find","parameters":{"type":"object"}},
    {"type":"web_search","external_web_access":true}])";

TEST(ResponsesRequest, EveryKindOfToolIsAFunctionOrItsProviders) {
    const auto request = decoded(with_input("", kTools));
    ASSERT_TRUE(request.conversation);
    std::vector<std::string> names;
    for (const chat::Tool& tool : request.conversation->tools)
        names.push_back(tool.name.decode() + "/" + tool.server_type.decode());
    EXPECT_THAT(names, ElementsAre("ls/", "agents__spawn/", "patch/", "tool_search/",
                                   "web_search/web_search"));
    const chat::Tool& patch = request.conversation->tools[2];
    EXPECT_THAT(std::string(patch.schema), HasSubstr(R"("required":["input"])"));
    EXPECT_THAT(patch.description.decode(), HasSubstr("lark grammar exactly:\nstart: A"));
}

TEST(ResponsesRequest, CallsOfNamespacesAndCustomToolsUseTheFunctionsNames) {
    const auto request = decoded(with_input(
        R"({"type":"function_call","call_id":"c1","namespace":"agents","name":"spawn","arguments":"{}"},
           {"type":"custom_tool_call","call_id":"c2","name":"patch","input":"a \"b\"\n"},
           {"type":"custom_tool_call_output","call_id":"c2","output":"ok"})",
        kTools));
    EXPECT_THAT(turns_of(request), ElementsAre("assistant; call c1 agents__spawn {}; call c2 patch "
                                               R"({"input":"a \"b\"\n"})",
                                               "user; result c2"));
}

TEST(ResponsesRequest, ToolsThatASearchFoundCanBeCalled) {
    const auto request = decoded(with_input(
        R"({"type":"tool_search_call","call_id":"c1","execution":"client","arguments":{"q":"x"}},
           {"type":"tool_search_output","call_id":"c1","execution":"client","tools":[
              {"type":"function","name":"found","parameters":{"type":"object"}}]},
           {"type":"additional_tools","tools":[{"type":"function","name":"more"}]})",
        kTools));
    ASSERT_TRUE(request.conversation);
    EXPECT_EQ(request.conversation->tools.size(), 7u);
    EXPECT_THAT(turns_of(request)[0], HasSubstr("call c1 tool_search {\"q\":\"x\"}"));
}

TEST(ResponsesRequest, ChoicesOfTools) {
    const auto choice = [](const std::string& json) {
        const auto request =
            decoded(with_input("", std::string(kTools) + R"(,"tool_choice":)" + json));
        if (!request.conversation) return request.conversation.error().message;
        return fmt::format("{} {} {}", static_cast<int>(request.conversation->tool_choice->mode),
                           request.conversation->tool_choice->name.decode(),
                           request.conversation->tools.size());
    };
    EXPECT_EQ(choice(R"("required")"), "1  5");
    EXPECT_EQ(choice(R"({"type":"function","name":"ls"})"), "3 ls 5");
    EXPECT_EQ(choice(R"({"type":"custom","name":"patch"})"), "3 patch 5");
    EXPECT_EQ(choice(R"({"type":"function","namespace":"agents","name":"spawn"})"),
              "3 agents__spawn 5");
    EXPECT_EQ(choice(R"({"type":"web_search"})"), "3 web_search 5");
    EXPECT_EQ(
        choice(
            R"({"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"ls"},{"type":"web_search"}]})"),
        "0  2");
    EXPECT_THAT(choice(R"("sometimes")"), HasSubstr("tool_choice: Expected"));
}

TEST(ResponsesRequest, SettingsAreRead) {
    const auto request = decoded(with_input("", R"(,"max_output_tokens":99,"temperature":0.5,
        "reasoning":{"effort":"low","summary":"auto"},"user":"u","parallel_tool_calls":false,
        "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}})"));
    ASSERT_TRUE(request.conversation);
    const chat::Conversation& c = *request.conversation;
    EXPECT_EQ(c.sampling.max_tokens, 99);
    EXPECT_EQ(c.effort, chat::Effort::low);
    ASSERT_TRUE(c.thinking);
    EXPECT_EQ(c.thinking->display.decode(), "summarized");
    EXPECT_EQ(c.verbosity.decode(), "low");
    EXPECT_EQ(c.format->schema, R"({"type":"object"})");
    EXPECT_EQ(c.tool_choice->parallel, false);
    EXPECT_EQ(c.user_id.decode(), "u");
}

TEST(ResponsesRequest, SealsOfOtherProtocolsComeHome) {
    const std::string packed =
        pack_seal({Protocol::anthropic, {}, {}}, json::Text::literal("sig"), {});
    const auto request = decoded(with_input(
        R"({"type":"reasoning","summary":[{"type":"summary_text","text":"t"}],"encrypted_content":")" +
        packed + R"("})"));
    EXPECT_THAT(turns_of(request),
                ElementsAre("assistant; reasoning false anthropic  |  | t sig "));
}

TEST(ResponsesRequest, RecordedOnesDecode) {
    int seen = 0;
    for (const char* folder : {"fixtures/codex", "fixtures/opencode-responses"}) {
        for (const auto& path : test_files(folder, ".json")) {
            const auto request = decoded(recorded_body(path));
            ASSERT_TRUE(request.conversation) << path << request.conversation.error().message;
            EXPECT_GE(request.conversation->turns.size(), 2u) << path;
            ++seen;
        }
    }
    EXPECT_GE(seen, 10);
}

}  // namespace
}  // namespace ccr::wire::openai_responses
