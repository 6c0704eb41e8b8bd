// What Gemini clients send and read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/relay_fixture.h"

namespace ccr::wire {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

const Codec& gemini() {
    return *codec_of(Protocol::gemini);
}

struct Request {
    explicit Request(std::string text) : decoded(gemini(), std::move(text)) {}
    const chat::Conversation& operator*() const { return *decoded.conversation; }
    const chat::Conversation* operator->() const { return &*decoded.conversation; }
    Json as(Protocol protocol) const {
        static constexpr Target kTarget{"google", "gemini-3.8-pro", "https://h/models/", "k", true};
        return Json::parse(codec_of(protocol)->encode_request(*decoded.conversation, kTarget).body);
    }
    DecodedRequest decoded;
};

std::string with_contents(const std::string& more) {
    return R"({"contents":[{"role":"user","parts":[{"text":"a"}]}])" + more + "}";
}

TEST(GeminiRequests, ModelAndStreamComeFromTheAddress) {
    json::Document document;
    const std::string body = with_contents("");
    const auto c = gemini().decode_request(*document.parse(body), {"models/gemini-x", true});
    ASSERT_TRUE(c);
    EXPECT_TRUE(c->model.equals("gemini-x"));
    EXPECT_TRUE(c->stream);
}

TEST(GeminiRequests, BothSpellingsMeanTheSame) {
    const Request camel(with_contents(
        R"(,"systemInstruction":{"parts":[{"text":"s"}]},"toolConfig":{"functionCallingConfig":{"mode":"ANY"}},
            "tools":[{"functionDeclarations":[{"name":"f"}]}],
            "generationConfig":{"maxOutputTokens":5,"topP":0.5,"stopSequences":["x"],"thinkingConfig":{"thinkingBudget":9,"includeThoughts":true}})"));
    const Request snake(with_contents(
        R"(,"system_instruction":{"parts":[{"text":"s"}]},"tool_config":{"function_calling_config":{"mode":"any"}},
            "tools":[{"function_declarations":[{"name":"f"}]}],
            "generation_config":{"max_output_tokens":5,"top_p":0.5,"stop_sequences":["x"],"thinking_config":{"thinking_budget":9,"include_thoughts":true}})"));
    EXPECT_EQ(camel.as(Protocol::anthropic), snake.as(Protocol::anthropic));
    EXPECT_EQ(camel->sampling.max_tokens, 5);
    EXPECT_EQ(camel->tool_choice->mode, chat::ToolMode::required);
    EXPECT_EQ(camel->thinking->budget_tokens, 9);
    EXPECT_EQ(camel->turns[0].role, chat::Role::system);
}

TEST(GeminiRequests, CallsWithoutIdsMeetTheirResponses) {
    const Request request(
        R"({"contents":[{"role":"user","parts":[{"text":"a"}]},
          {"role":"model","parts":[{"functionCall":{"name":"f","args":{"n":1}}},
             {"functionCall":{"name":"g","args":{}}},{"functionCall":{"name":"f","args":{"n":2}}}]},
          {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"output":"one"}}},
             {"functionResponse":{"name":"f","response":{"error":"two"}}},
             {"functionResponse":{"name":"g","response":{"rows":[1]}}}]}]})");
    const Json chat = request.as(Protocol::openai_chat)["messages"];
    std::map<std::string, std::string> names;
    for (const Json& call : chat[1]["tool_calls"])
        names[call["id"]] = call["function"]["name"].get<std::string>() +
                            call["function"]["arguments"].get<std::string>();
    EXPECT_EQ(names.size(), 3U);
    EXPECT_EQ(names[chat[2]["tool_call_id"]], R"(f{"n":1})");
    EXPECT_EQ(names[chat[3]["tool_call_id"]], R"(f{"n":2})");
    EXPECT_EQ(names[chat[4]["tool_call_id"]], "g{}");
    EXPECT_EQ(chat[2]["content"], "one");
    EXPECT_THAT(chat[3]["content"].get<std::string>(), HasSubstr("two"));
    EXPECT_EQ(chat[4]["content"], R"({"rows":[1]})");
    // Made in the same way each time: provider caches count on it.
    EXPECT_EQ(chat, Request(request.decoded.body).as(Protocol::openai_chat)["messages"]);
}

TEST(GeminiRequests, SchemasOfGooglesKindBecomeJsonSchema) {
    const Request request(with_contents(
        R"(,"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{
            "a":{"type":"STRING","nullable":true,"format":"enum","enum":["x"]},
            "b":{"type":"ARRAY","minItems":"2","items":{"type":"INTEGER"}}}}},
          {"name":"g","parametersJsonSchema":{"type":"object","properties":{"c":{"const":1}}}}]},
          {"googleSearch":{}}])"));
    const Json tools = request.as(Protocol::openai_chat)["tools"];
    ASSERT_EQ(tools.size(), 2U);
    EXPECT_EQ(
        tools[0]["function"]["parameters"],
        Json::parse(R"({"type":"object","properties":{"a":{"type":["string","null"],"enum":["x"]},
                              "b":{"type":"array","minItems":2,"items":{"type":"integer"}}}})"));
    EXPECT_EQ(tools[1]["function"]["parameters"]["properties"]["c"], Json::parse(R"({"const":1})"));
    EXPECT_TRUE(request.as(Protocol::gemini)["tools"][1].contains("googleSearch"));
}

// A Gemini client behind another provider of Gemini: nothing is lost on the way.
TEST(GeminiRequests, SurviveTheHub) {
    const std::string body =
        R"({"contents":[
             {"role":"user","parts":[{"text":"a"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},
               {"fileData":{"mimeType":"video/mp4","fileUri":"https://e.org/v"},"videoMetadata":{"fps":1}}]},
             {"role":"model","parts":[{"text":"hm","thought":true},{"text":"t","thoughtSignature":"c2ln"},
               {"executableCode":{"language":"PYTHON","code":"1"}},
               {"functionCall":{"id":"c1","name":"f","args":{"x":[1]}},"thoughtSignature":"c2lnMg=="}]},
             {"role":"user","parts":[{"functionResponse":{"id":"c1","name":"f","response":{"rows":[1,{"a":null}]}}}]}],
            "systemInstruction":{"parts":[{"text":"s"}]},
            "tools":[{"functionDeclarations":[{"name":"f","description":"d","parametersJsonSchema":{"type":"object","properties":{"x":{"const":1}}}}]}],
            "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]},"retrievalConfig":{"languageCode":"de"}},
            "generationConfig":{"maxOutputTokens":9,"temperature":0.5,"topP":0.25,"topK":3,"stopSequences":["x"],
              "responseMimeType":"application/json","responseJsonSchema":{"type":"object"},
              "thinkingConfig":{"thinkingLevel":"low","includeThoughts":true},"seed":7,"candidateCount":1},
            "safetySettings":[{"category":"c","threshold":"t"}],"cachedContent":"cachedContents/1","labels":{"a":"b"}})";
    EXPECT_EQ(Request(body).as(Protocol::gemini), Json::parse(body));
}

TEST(GeminiRequests, FaultsAreNamedByTheirPlace) {
    const auto fault = [](const std::string& body) {
        const DecodedRequest request(gemini(), body);
        return request.conversation ? "" : request.conversation.error().message;
    };
    EXPECT_THAT(fault("{}"), HasSubstr("contents: Field required"));
    EXPECT_THAT(fault(R"({"contents":[{"role":"x","parts":[]}]})"), HasSubstr("contents[0].role"));
    EXPECT_THAT(fault(R"({"contents":[{"parts":[{"text":"a"},{"functionCall":{}}]}]})"),
                HasSubstr("contents[0].parts[1].functionCall.name"));
    EXPECT_THAT(fault(with_contents(R"(,"generationConfig":{"topP":"x"})")),
                HasSubstr("generationConfig.topP"));
    EXPECT_THAT(fault(with_contents(R"(,"tools":[{"functionDeclarations":[{}]}])")),
                HasSubstr("tools[0].functionDeclarations[0].name"));
}

chat::Reply messages_reply(std::string_view content, std::string_view stop = "tool_use") {
    auto reply = codec_of(Protocol::anthropic)
                     ->decode_reply(fmt::format(R"({{"id":"m1","model":"claude","content":{},
                        "stop_reason":"{}","usage":{{"input_tokens":10,"output_tokens":7,
                        "cache_read_input_tokens":5,"output_tokens_details":{{"thinking_tokens":3}}}}}})",
                                                content, stop),
                                    kTestTarget);
    return std::move(*reply);
}

TEST(GeminiReplies, HaveGooglesShape) {
    const chat::Reply reply = messages_reply(
        R"([{"type":"text","text":"I look."},{"type":"tool_use","id":"t1","name":"f","input":{"a":1}}])");
    EXPECT_EQ(Json::parse(gemini().encode_reply(reply, {"req_1", 7, "m", true})), Json::parse(R"({
        "candidates":[{"content":{"parts":[{"text":"I look."},
            {"functionCall":{"id":"t1","name":"f","args":{"a":1}}}],"role":"model"},
            "finishReason":"STOP","index":0}],
        "usageMetadata":{"promptTokenCount":15,"cachedContentTokenCount":5,"candidatesTokenCount":4,
            "thoughtsTokenCount":3,"totalTokenCount":22},
        "modelVersion":"claude","responseId":"m1"})"));
    const chat::Reply refused = messages_reply("[]", "refusal");
    const Json blocked = Json::parse(gemini().encode_reply(refused, {"req_1", 7, "m", true}));
    EXPECT_EQ(blocked["promptFeedback"]["blockReason"], "SAFETY");
    EXPECT_FALSE(blocked.contains("candidates"));
}

// Gemini CLI drops thoughts and keeps signatures: Anthropic must get text and signature back.
TEST(GeminiReplies, ForeignThinkingComesHomeThroughTheSignature) {
    for (const bool keeps_thoughts : {false, true}) {
        const chat::Reply reply = messages_reply(
            R"([{"type":"thinking","thinking":"Deep \"q\".","signature":"anthropic-sig"},
                {"type":"redacted_thinking","data":"secret"},
                {"type":"tool_use","id":"t1","name":"f","input":{}}])");
        Json content = Json::parse(
            gemini().encode_reply(reply, {"req_1", 7, "m", true}))["candidates"][0]["content"];
        if (!keeps_thoughts) {
            std::erase_if(content["parts"].get_ref<Json::array_t&>(), [](const Json& part) {
                return part.contains("thought") && !part.contains("thoughtSignature");
            });
        }
        const Json request{
            {"contents", {{{"role", "user"}, {"parts", {{{"text", "a"}}}}}, content}}};
        const Json back = Request(request.dump()).as(Protocol::anthropic)["messages"][1]["content"];
        EXPECT_EQ(back, Json::parse(R"([
            {"type":"thinking","thinking":"Deep \"q\".","signature":"anthropic-sig"},
            {"type":"redacted_thinking","data":"secret"},
            {"type":"tool_use","id":"t1","name":"f","input":{}}])"))
            << content;
    }
}

TEST(GeminiErrors, AreGooglesInStreamsToo) {
    const auto encoder = gemini().open_encoder({"req_1", 7, "m", true});
    std::string out;
    encoder->feed(chat::Failed{make_error(ErrorKind::overloaded, "busy")}, out);
    ASSERT_TRUE(out.starts_with("data: ") && out.ends_with("\n\n"));
    const Json error = Json::parse(out.substr(6))["error"];
    EXPECT_EQ(error["message"], "busy");
    EXPECT_EQ(error["status"], "UNAVAILABLE");
}

}  // namespace
}  // namespace ccr::wire
