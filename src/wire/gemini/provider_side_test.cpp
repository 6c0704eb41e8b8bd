// generateContent towards a provider: addresses, requests and errors; the reference's defects here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/gemini/sent_fixture.h"

namespace ccr::wire {
namespace {

using testing::HasSubstr;

TEST(GeminiEndpoint, IsMadeOfBaseModelAndMethod) {
    const auto url = [](std::string_view base, std::string_view model, bool stream) {
        return gemini().endpoint({"g", model, base, "k", stream}).url;
    };
    const std::string v1 = "https://h/v1beta/models/";
    EXPECT_EQ(url("https://h/v1beta/models/", "m-1.5", false), v1 + "m-1.5:generateContent");
    EXPECT_EQ(url("https://h/v1beta/models", "m", true), v1 + "m:streamGenerateContent?alt=sse");
    EXPECT_EQ(url("https://h/v1beta/", "models/m", false), v1 + "m:generateContent");
    EXPECT_EQ(url("https://h/v1beta/models/old:generateContent", "m", false),
              v1 + "m:generateContent");
    EXPECT_EQ(url(v1, "a/b c?d#e:f", false), v1 + "a%2Fb%20c%3Fd%23e%3Af:generateContent");
    const auto headers = gemini().endpoint(target("m")).headers;
    EXPECT_EQ(headers.get("x-goog-api-key"), "key");
    EXPECT_FALSE(headers.get("authorization"));
}

TEST(GeminiDefects, T16_SystemPromptIsTheSystemInstruction) {
    const Sent got = from_messages(
        R"("system":[{"type":"text","text":"Be brief."}],"messages":[{"role":"user","content":"a"},
           {"role":"system","content":"Later."},{"role":"assistant","content":"b"}])");
    EXPECT_EQ(got.body["systemInstruction"], Json::parse(R"({"parts":[{"text":"Be brief."}]})"));
    EXPECT_EQ(got.body["contents"][0], Json::parse(R"({"role":"user","parts":[{"text":"a"},
                  {"text":"<system-reminder>\nLater.\n</system-reminder>"}]})"));
}

TEST(GeminiDefects, T17_SamplingIsSent) {
    const Sent got = from_messages(
        R"("temperature":0,"top_p":0.5,"top_k":7,"stop_sequences":["1","2","3","4","5","6"],
           "messages":[{"role":"user","content":"a"}])");
    EXPECT_EQ(got.body["generationConfig"],
              Json::parse(R"({"maxOutputTokens":100,"temperature":0,"topP":0.5,"topK":7,
                              "stopSequences":["1","2","3","4","5"]})"));
    EXPECT_THAT(got.losses, HasSubstr("stop_sequences: 1 of them"));
}

TEST(GeminiDefects, T18_ToolChoiceIsOneOfGooglesModes) {
    const std::string rest =
        R"("tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"a"}])";
    const auto calling = [&](const std::string& choice) {
        return from_messages(R"("tool_choice":)" + choice + "," + rest)
            .body["toolConfig"]["functionCallingConfig"];
    };
    EXPECT_EQ(calling(R"({"type":"auto"})"), Json::parse(R"({"mode":"AUTO"})"));
    EXPECT_EQ(calling(R"({"type":"any"})"), Json::parse(R"({"mode":"ANY"})"));
    EXPECT_EQ(calling(R"({"type":"none"})"), Json::parse(R"({"mode":"NONE"})"));
    EXPECT_EQ(calling(R"({"type":"tool","name":"f"})"),
              Json::parse(R"({"mode":"ANY","allowedFunctionNames":["f"]})"));
}

std::string stream_of(std::initializer_list<std::string> parts) {
    std::string out;
    for (const std::string& part : parts) {
        out +=
            R"(data: {"modelVersion":"gemini-2.5-flash-preview-03-25","candidates":[{"content":{"parts":[)" +
            part + "]}}]}\n\n";
    }
    return out + R"(data: {"candidates":[{"finishReason":"STOP"}]})" + "\n\n";
}

Relayed to_messages(const std::string& stream) {
    return relay(gemini(), *codec_of(Protocol::anthropic), {stream});
}

TEST(GeminiDefects, T19_NothingIsMadeUpWhereASignatureStandsAlone) {
    const Relayed got = to_messages(
        stream_of({R"({"functionCall":{"name":"f","args":{}},"thoughtSignature":"c2ln"})"}));
    EXPECT_EQ(got.bytes.find("no content"), std::string::npos);
    EXPECT_EQ(got.bytes.find("text_delta"), std::string::npos);
    EXPECT_EQ(got.bytes.find("thinking_delta"), std::string::npos);
}

// Model versions with a 3 in them had their text held back until a signature came.
TEST(GeminiDefects, T20_TextIsNotHeldBackForASignature) {
    const std::string stream =
        stream_of({R"({"text":"Hm.","thought":true})",
                   R"({"text":"Answer"},{"functionCall":{"name":"f","args":{"a":1}}})"});
    const Relayed got = to_messages(stream);
    EXPECT_THAT(got.bytes, HasSubstr(R"("text":"Answer")"));
    EXPECT_THAT(got.bytes, HasSubstr(R"("name":"f")"));
    const std::string_view first = std::string_view(stream).substr(0, stream.find("data:", 200));
    EXPECT_THAT(relay(gemini(), *codec_of(Protocol::anthropic), {first}).bytes,
                HasSubstr("thinking_delta"));
}

TEST(GeminiDefects, T21_StreamsAreAskedForAsEvents) {
    EXPECT_THAT(gemini().endpoint(target("m")).url, HasSubstr("?alt=sse"));
}

TEST(GeminiDefects, T30_NoToolResultIsLost) {
    const Sent got = from_messages(
        R"("messages":[{"role":"user","content":"a"},
          {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{"x":1}},
                                         {"type":"tool_use","id":"t2","name":"g","input":{}}]},
          {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"t9","content":"stray"},
            {"type":"text","text":"and"},
            {"type":"tool_result","tool_use_id":"t1","is_error":true,
             "content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}]}])",
        "gemini-2.5-pro");
    EXPECT_EQ(got.body["contents"][2]["parts"], Json::parse(R"([
        {"functionResponse":{"id":"t1","name":"f","response":{"error":"one\n\ntwo"}}},
        {"functionResponse":{"id":"t2","name":"g",
           "response":{"error":"There is no result: the call was broken off."}}},
        {"text":"Result of tool call t9:\nstray"},{"text":"and"}])"));
    EXPECT_THAT(got.losses, HasSubstr("result without its call"));
}

TEST(GeminiDefects, T31_BlockedPromptsAndErrorsAreSeen) {
    const Relayed blocked =
        to_messages("data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n");
    EXPECT_TRUE(blocked.finished);
    EXPECT_EQ(blocked.reply.stop, chat::StopReason::refusal);
    const Relayed failed = to_messages(
        "data: "
        "{\"error\":{\"code\":429,\"message\":\"quota\",\"status\":\"RESOURCE_EXHAUSTED\"}}\n\n");
    ASSERT_TRUE(failed.failure);
    EXPECT_EQ(failed.failure->kind, ErrorKind::rate_limit);
    const auto none = gemini().decode_reply("{}", target("m"));
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, ErrorKind::upstream_protocol);
}

TEST(GeminiDefects, B9_FinishReasonsKeepTheirMeaning) {
    const auto stop = [](std::string_view reason, std::string_view part) {
        const auto reply = gemini().decode_reply(
            fmt::format(R"({{"candidates":[{{"content":{{"parts":[{}]}},"finishReason":"{}"}}]}})",
                        part, reason),
            target("m"));
        return reply ? std::optional(reply->stop) : std::nullopt;
    };
    using chat::StopReason;
    EXPECT_EQ(stop("STOP", R"({"functionCall":{"name":"f"}})"), StopReason::tool_use);
    EXPECT_EQ(stop("STOP", R"({"text":"a"})"), StopReason::end_turn);
    EXPECT_EQ(stop("MAX_TOKENS", R"({"text":"a"})"), StopReason::max_tokens);
    for (const char* reason : {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII"})
        EXPECT_EQ(stop(reason, ""), StopReason::refusal) << reason;
    for (const char* reason : {"MALFORMED_FUNCTION_CALL", "OTHER", "UNEXPECTED_TOOL_CALL"})
        EXPECT_EQ(stop(reason, ""), std::nullopt) << reason;
}

// A signature goes to a Messages client as a thinking block and comes back to its call.
TEST(GeminiSignatures, ComeBackToTheirCallThroughAMessagesClient) {
    const Relayed got = to_messages(stream_of(
        {R"({"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"c2lnMQ=="})"
         R"(,{"functionCall":{"id":"b","name":"f","args":{}}})"}));
    ASSERT_EQ(got.reply.parts.size(), 3U);
    const Json answer = Json::parse(
        codec_of(Protocol::anthropic)->encode_reply(got.reply, {"req_1", 7, "m", true}));
    Json request{{"model", "m"}, {"max_tokens", 9}};
    request["messages"] = {{{"role", "user"}, {"content", "go"}},
                           {{"role", "assistant"}, {"content", answer["content"]}},
                           {{"role", "user"},
                            {"content",
                             {{{"type", "tool_result"}, {"tool_use_id", "a"}, {"content", "1"}},
                              {{"type", "tool_result"}, {"tool_use_id", "b"}, {"content", "2"}}}}}};
    const DecodedRequest back(*codec_of(Protocol::anthropic), request.dump());
    const auto parts = [&](std::string_view provider) {
        const Target to{provider, "gemini-3.8-pro", kBase, "k", true};
        return Json::parse(
            gemini().encode_request(*back.conversation, to).body)["contents"][1]["parts"];
    };
    EXPECT_EQ(parts("acme"), Json::parse(R"([
        {"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"c2lnMQ=="},
        {"functionCall":{"id":"b","name":"f","args":{}}}])"));
    EXPECT_EQ(parts("other")[0]["thoughtSignature"], "skip_thought_signature_validator");
}

TEST(GeminiSignatures, AreNotAskedForBeforeGemini3) {
    const std::string turns =
        R"("messages":[{"role":"user","content":"a"},{"role":"assistant","content":[
           {"type":"tool_use","id":"t1","name":"f","input":{}}]},
           {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"r"}]}])";
    EXPECT_EQ(from_messages(turns, "gemini-2.5-pro").body.dump().find("thoughtSignature"),
              std::string::npos);
    EXPECT_NE(from_messages(turns, "gemini-3-flash").body.dump().find("thoughtSignature"),
              std::string::npos);
}

TEST(GeminiThinking, IsALevelOrABudgetByGeneration) {
    const auto config = [](const std::string& members, std::string_view model) {
        const Json body =
            from_messages(members + R"(,"messages":[{"role":"user","content":"a"}])", model).body;
        return body["generationConfig"].value("thinkingConfig", Json());
    };
    const std::string high = R"("thinking":{"type":"adaptive"},"output_config":{"effort":"max"})";
    const std::string medium =
        R"("thinking":{"type":"adaptive"},"output_config":{"effort":"medium"})";
    const std::string tiny = R"("thinking":{"type":"enabled","budget_tokens":50})";
    const std::string off = R"("thinking":{"type":"disabled"})";
    const auto level = [](const char* l) {
        return Json{{"thinkingLevel", l}, {"includeThoughts", true}};
    };
    const auto budget = [](int n) {
        return Json{{"thinkingBudget", n}, {"includeThoughts", true}};
    };
    EXPECT_EQ(config(high, "gemini-3.8-pro"), level("high"));
    EXPECT_EQ(config(medium, "gemini-3-pro-preview"), level("high"));
    EXPECT_EQ(config(medium, "gemini-3-flash"), level("medium"));
    EXPECT_EQ(config(tiny, "gemini-3-flash"), level("low"));
    EXPECT_EQ(config(off, "gemini-3-flash"), Json({{"thinkingLevel", "minimal"}}));
    EXPECT_EQ(config(high, "gemini-2.5-pro"), budget(32768));
    EXPECT_EQ(config(high, "gemini-2.5-flash"), budget(24576));
    EXPECT_EQ(config(tiny, "gemini-2.5-pro"), budget(128));
    EXPECT_EQ(config(tiny, "gemini-2.5-flash-lite"), budget(512));
    EXPECT_EQ(config(R"("thinking":{"type":"adaptive"})", "gemini-2.5-flash"), budget(-1));
    EXPECT_EQ(config(off, "gemini-2.5-flash"), Json({{"thinkingBudget", 0}}));
    EXPECT_EQ(config(off, "gemini-2.5-pro"), Json({{"thinkingBudget", 128}}));
    EXPECT_EQ(config(high, "gemini-2.0-flash"), Json());
}

TEST(GeminiErrors, TellTheDelay) {
    const Error error = gemini().decode_error(
        429, R"([{"error":{"code":429,"message":"Quota exceeded.","status":"RESOURCE_EXHAUSTED",
        "details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"26.4s"}]}}])",
        target("m"));
    EXPECT_EQ(error.kind, ErrorKind::rate_limit);
    EXPECT_EQ(error.retry_after, std::chrono::seconds(27));
    EXPECT_EQ(error.upstream_protocol, Protocol::gemini);
    const Json again = Json::parse(gemini().encode_error(error, "req_1"));
    EXPECT_EQ(again["error"]["code"], 429);
    EXPECT_EQ(again["error"]["status"], "RESOURCE_EXHAUSTED");
    EXPECT_EQ(again["error"]["details"][0]["retryDelay"], "27s");
    for (const char* bad : {"x", "-1s", "1e99s", "nans", "5"}) {
        const Error none = gemini().decode_error(
            429,
            fmt::format(R"({{"error":{{"message":"m","details":[{{"@type":"google.rpc.RetryInfo",
                 "retryDelay":"{}"}}]}}}})",
                        bad),
            target("m"));
        EXPECT_FALSE(none.retry_after) << bad;
    }
}

TEST(GeminiErrors, AnOverflowIsInTheClientsWords) {
    const Error error = gemini().decode_error(
        400,
        R"({"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).","status":"INVALID_ARGUMENT"}})",
        target("m"));
    EXPECT_EQ(error.kind, ErrorKind::context_overflow);
}

}  // namespace
}  // namespace ccr::wire
