// Every transformer of the reference, for requests, streams and whole answers; and the defects
// (T*, A*, P*) that they were known for there.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapt/adapt_fixture.h"
#include "config/transformer_names.h"

namespace ccr::adapt {
namespace {

using fixture::chunk;
using fixture::Request;
using fixture::sent;
using fixture::shown;
using fixture::streamed;
using fixture::whole;
using Json = nlohmann::json;

config::Provider with(std::string_view use, std::string_view more = "") {
    return fixture::provider(fmt::format(
        "{{name: 'p', api_base_url: 'https://api.example.com/v1/chat/completions', api_key: 'k', "
        "models: ['m'], transformer: {{use: [{}]{}}}}}",
        use, more));
}

std::string request_text(std::string_view more = "") {
    return fmt::format(
        R"({{"model":"x","max_tokens":64000,"stream":true,"messages":[{{"role":"user","content":"hi"}}],
        "tools":[{{"name":"Read","description":"reads","input_schema":{{"$schema":"s","type":"object","properties":{{"path":{{"type":"string"}},"limit":{{"type":"integer"}}}}}}}}]{}}})",
        more);
}

Json body_of(std::string_view use, std::string_view more = "") {
    return Json::parse(sent(with(use), Request(request_text(more))));
}

TEST(Transformers, EveryNameOfTheReferenceKeepsItsProviderAtBothLevelsWithAndWithoutOptions) {
    for (const config::TransformerName& name : config::transformer_names()) {
        if (name.wire || name.makes_url) continue;  // other protocols: tests of the gateway
        for (const std::string& form :
             {fmt::format("'{}'", name.name), fmt::format("['{}', {{a: 1}}]", name.name)}) {
            const Request request(request_text());
            EXPECT_TRUE(Json::accept(sent(with(form), request))) << form;
            EXPECT_TRUE(Json::accept(sent(with("", ", m: {use: [" + form + "]}"), request)))
                << form;
        }
    }
}

TEST(Transformers, MaxtokenCapsAlsoAsTextAndAtModelLevel) {
    EXPECT_EQ(body_of("['maxtoken', {max_tokens: 16384}]")["max_tokens"], 16384);
    EXPECT_EQ(body_of("['maxtoken', {max_tokens: '8192'}]")["max_tokens"], 8192);
    EXPECT_EQ(body_of("['maxtoken', {max_tokens: 100000}]")["max_tokens"], 64000);
    const auto model_level = with("", ", m: {use: [['maxtoken', {max_tokens: 5}]]}");
    EXPECT_EQ(Json::parse(sent(model_level, Request(request_text())))["max_tokens"], 5);
    EXPECT_EQ(Json::parse(sent(model_level, Request(request_text()), "n"))["max_tokens"], 64000);
}

TEST(Transformers, T34MaxtokenCanSetWhatTheClientLeavesOut) {
    const Request request(R"({"model":"x","messages":[{"role":"user","content":"hi"}]})",
                          Protocol::openai_chat);
    EXPECT_EQ(Json::parse(sent(with("['maxtoken', {default: 99}]"), request))["max_tokens"], 99);
    EXPECT_FALSE(
        Json::parse(sent(with("['maxtoken', {max_tokens: 99}]"), request)).contains("max_tokens"));
}

TEST(Transformers, MaxcompletiontokensRenames) {
    const Json body = body_of("'maxcompletiontokens'");
    EXPECT_EQ(body["max_completion_tokens"], 64000);
    EXPECT_FALSE(body.contains("max_tokens"));
}

TEST(Transformers, SamplingCapsAndOverwrites) {
    const Json body = body_of(
        "['sampling', {max_tokens: 9, temperature: 0.5, top_p: '0.9', top_k: 20, "
        "repetition_penalty: 1.1}]",
        R"(,"temperature":1)");
    EXPECT_EQ(body["max_tokens"], 9);
    EXPECT_EQ(body["temperature"], 0.5);
    EXPECT_EQ(body["top_p"], 0.9);
    EXPECT_EQ(body["top_k"], 20);
    EXPECT_EQ(body["repetition_penalty"], 1.1);
}

TEST(Transformers, CustomparamsFillAndMerge) {
    const Json body = body_of(
        "['customparams', {seed: 7, stream: false, provider: {only: ['a'], deep: {x: 1}}}]");
    EXPECT_EQ(body["seed"], 7);
    EXPECT_EQ(body["stream"], true) << "what the request says stays";
    EXPECT_EQ(body["provider"], Json::parse(R"({"only":["a"],"deep":{"x":1}})"));
}

TEST(Transformers, T14CustomparamsSetWhatTheRequestLeavesOut) {
    const Json body = body_of("['customparams', {temperature: 0.2, tool_choice: 'required'}]");
    EXPECT_EQ(body["temperature"], 0.2);
    EXPECT_EQ(body["tool_choice"], "required");
}

TEST(Transformers, CleancacheTakesEveryMark) {
    const auto messages = fixture::provider(
        "{name: 'p', api_base_url: 'https://api.example.com/v1/messages', api_key: 'k', models: "
        "['m'], transformer: {use: ['cleancache']}}");
    const Request request(
        R"({"model":"x","max_tokens":1,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],
        "messages":[{"role":"user","content":[{"type":"text","text":"t","cache_control":{"type":"ephemeral"}}]}]})");
    const std::string body = sent(messages, request);
    EXPECT_EQ(body.find("cache_control"), std::string::npos);
    EXPECT_NE(body.find(R"("text":"s")"), std::string::npos);
}

TEST(Transformers, StreamoptionsOnStreamsOnly) {
    const Request stream(
        R"({"model":"x","stream":true,"messages":[{"role":"user","content":"q"}]})",
        Protocol::openai_chat);
    const Request whole(R"({"model":"x","messages":[{"role":"user","content":"q"}]})",
                        Protocol::openai_chat);
    EXPECT_EQ(Json::parse(sent(with("'streamoptions'"), stream))["stream_options"],
              Json::parse(R"({"include_usage":true})"));
    EXPECT_FALSE(Json::parse(sent(with("'streamoptions'"), whole)).contains("stream_options"));
}

TEST(Transformers, ReasoningOnAndOff) {
    const Json on =
        body_of("'reasoning'", R"(,"thinking":{"type":"enabled","budget_tokens":2048})");
    EXPECT_EQ(on["thinking"], Json::parse(R"({"type":"enabled","budget_tokens":2048})"));
    EXPECT_EQ(on["enable_thinking"], true);
    const Json off =
        body_of("['reasoning', {enable: false}]", R"(,"thinking":{"type":"adaptive"})");
    EXPECT_EQ(off["thinking"]["type"], "disabled");
    EXPECT_EQ(off["enable_thinking"], false);
    EXPECT_FALSE(body_of("'reasoning'").contains("thinking"));
}

TEST(Transformers, T4ReasoningHonoursAClientThatSwitchesItOff) {
    const Json body = body_of("'reasoning'", R"(,"thinking":{"type":"disabled"})");
    EXPECT_EQ(body["enable_thinking"], false);
    EXPECT_EQ(body["thinking"]["type"], "disabled");
}

TEST(Transformers, OpenrouterAndVercelTakeOptionsAndAskForReasoning) {
    for (const char* name : {"openrouter", "vercel"}) {
        const Json body =
            body_of(fmt::format("['{}', {{provider: {{only: ['moonshotai']}}}}]", name),
                    R"(,"thinking":{"type":"enabled","budget_tokens":4000})");
        EXPECT_EQ(body["provider"], Json::parse(R"({"only":["moonshotai"]})"));
        EXPECT_EQ(body["reasoning"], Json::parse(R"({"max_tokens":4000})"));
        EXPECT_FALSE(body.contains("reasoning_effort"));
    }
}

TEST(Transformers, T5OpenrouterImagesHaveOneDataUrlPrefix) {
    const Request request(
        R"({"model":"x","max_tokens":1,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]})");
    for (const char* name : {"'openrouter'", "'vercel'"}) {
        const std::string body = sent(with(name), request, "anthropic/claude-x");
        EXPECT_NE(body.find("\"data:image/png;base64,AAAA\""), std::string::npos) << body;
        EXPECT_EQ(body.find("media_type"), std::string::npos) << "A10";
    }
}

TEST(Transformers, T29DeepseekCapIsAnOption) {
    EXPECT_EQ(body_of("'deepseek'")["max_tokens"], 8192);
    EXPECT_EQ(body_of("['deepseek', {max_tokens: 32000}]")["max_tokens"], 32000);
}

TEST(Transformers, T12GroqTakesToolsWithoutParametersAndKeepsCallIds) {
    const Json body = body_of("'groq'");
    EXPECT_FALSE(body["tools"][0]["function"]["parameters"].contains("$schema"));
    const Request bare(
        R"({"model":"x","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f"}}]})",
        Protocol::openai_chat);
    EXPECT_TRUE(Json::accept(sent(with("'groq'"), bare)));
    const chat::Reply reply = streamed(
        with("'groq'"), Request(request_text()),
        {chunk(
             R"({"tool_calls":[{"index":0,"id":"call_7","function":{"name":"Read","arguments":"{"}}]})"),
         chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"}"}}]})"),
         chunk("", "tool_calls"), "[DONE]"});
    ASSERT_EQ(reply.parts.size(), 1u);
    EXPECT_EQ(reply.parts[0].as<chat::ToolCall>()->id.decode(), "call_7");
}

TEST(Transformers, T32CerebrasSwitchesReasoningOffOnlyWhenAsked) {
    EXPECT_EQ(body_of("'cerebras'", R"(,"thinking":{"type":"disabled"})")["disable_reasoning"],
              true);
    const Json on = body_of("'cerebras'", R"(,"thinking":{"type":"adaptive"})");
    EXPECT_FALSE(on.contains("disable_reasoning"));
    EXPECT_FALSE(on.contains("reasoning_effort"));
}

TEST(Transformers, P1ModelLevelNamesActAsAtProviderLevel) {
    const auto p = with("", ", m: {use: ['cerebras', 'maxcompletiontokens']}");
    const Json body =
        Json::parse(sent(p, Request(request_text(R"(,"thinking":{"type":"disabled"})"))));
    EXPECT_EQ(body["disable_reasoning"], true);
    EXPECT_EQ(body["max_completion_tokens"], 64000);
    EXPECT_EQ(speaks(with("", ", m: {use: ['Anthropic']}"), "m"), Protocol::anthropic);
}

TEST(Transformers, P3RequestsPassProviderThenModel) {
    const auto p =
        with("['sampling', {temperature: 0.1}]", ", m: {use: [['sampling', {temperature: 0.7}]]}");
    EXPECT_EQ(Json::parse(sent(p, Request(request_text())))["temperature"], 0.7);
}

TEST(Transformers, P13AttemptsDoNotSeeEachOthersEdits) {
    const Request request(request_text());
    const std::string before = sent(with("'cleancache'"), request);
    sent(with("'groq', 'tooluse', 'forcereasoning'"), request);
    EXPECT_EQ(sent(with("'cleancache'"), request), before);
}

// ---- enhancetool

const std::vector<std::string> kBrokenCall = {
    chunk(R"({"tool_calls":[{"index":0,"id":"c1","function":{"name":"Read","arguments":""}}]})"),
    chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"{path: 'a.txt',"}}]})"),
    chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":" \"limit\": \"5\",}"}}]})"),
    chunk("", "tool_calls"), "[DONE]"};

TEST(Transformers, EnhancetoolMendsStreamsCutAnywhereAndWholeAnswersAlike) {
    const auto p = with("'enhancetool'");
    const Request request(request_text());
    const std::string right = R"(call:Read{"path": "a.txt", "limit": 5}|tool_use)";
    for (const std::size_t piece : {1u, 2u, 7u, 64u, 100000u})
        EXPECT_EQ(shown(streamed(p, request, kBrokenCall, piece)), right);
    EXPECT_EQ(
        shown(whole(
            p, request,
            R"({"id":"i","model":"m","choices":[{"message":{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"Read","arguments":"{path: 'a.txt', \"limit\": \"5\",}"}}]},"finish_reason":"tool_calls"}]})")),
        right);
}

TEST(Transformers, T26EnhancetoolLosesNoArgumentsWhateverTheFinishReason) {
    const auto p = with("'enhancetool'");
    const Request request(request_text());
    EXPECT_EQ(
        shown(streamed(
            p, request,
            {chunk(
                 R"({"tool_calls":[{"index":0,"id":"a","function":{"name":"Read","arguments":"{'path':'1'}"}},{"index":1,"id":"b","function":{"name":"Read","arguments":"{'path':'2'}"}}]})",
                 "stop"),
             "[DONE]"})),
        R"(call:Read{"path":"1"}|call:Read{"path":"2"}|tool_use)");
}

// ---- tooluse

TEST(Transformers, TooluseAsksForACallAndOffersTheWayOut) {
    const Json body = body_of("'tooluse'");
    EXPECT_EQ(body["tool_choice"], "required");
    EXPECT_EQ(body["tools"][1]["function"]["name"], "ExitTool");
    EXPECT_NE(body["messages"].back()["content"].dump().find("ExitTool"), std::string::npos);
}

TEST(Transformers, T27TheWayOutEndsTheTurnAndOtherCallsStay) {
    const auto p = with("'tooluse'");
    const Request request(request_text());
    const std::vector<std::string> exit = {
        chunk(
            R"({"tool_calls":[{"index":0,"id":"e","function":{"name":"ExitTool","arguments":"{\"response\":\"all "}}]})"),
        chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"done\"}"}}]})"),
        chunk("", "tool_calls"), "[DONE]"};
    for (const std::size_t piece : {1u, 9u, 100000u})
        EXPECT_EQ(shown(streamed(p, request, exit, piece)), "text:all done|end_turn");
    EXPECT_EQ(
        shown(whole(
            p, request,
            R"({"id":"i","model":"m","choices":[{"message":{"role":"assistant","tool_calls":[{"id":"e","type":"function","function":{"name":"ExitTool","arguments":"{\"response\":\"x\"}"}},{"id":"r","type":"function","function":{"name":"Read","arguments":"{}"}}]},"finish_reason":"tool_calls"}]})")),
        "text:x|call:Read{}|tool_use");
}

// ---- forcereasoning

TEST(Transformers, ForcereasoningAsksAndTellsEarlierThoughtsAsText) {
    const auto p = with("'forcereasoning'");
    const Request request(request_text(R"(,"thinking":{"type":"adaptive"})"));
    const Json body = Json::parse(sent(p, request));
    EXPECT_NE(body["messages"].back()["content"].dump().find("<reasoning_content>"),
              std::string::npos);
    EXPECT_FALSE(body.contains("reasoning_effort"));
    const Request later(
        R"({"model":"x","max_tokens":1,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text","text":"a"}]},{"role":"user","content":"r"}]})");
    const std::string told = sent(p, later);
    EXPECT_NE(told.find("<reasoning_content>hm</reasoning_content>"), std::string::npos) << told;
}

TEST(Transformers, T25ForcereasoningSplitsThoughtsFromAnswerInStreamAndWhole) {
    const auto p = with("'forcereasoning'");
    const Request request(request_text());
    const std::vector<std::string> tagged = {
        chunk(R"({"content":"<reasoning_con"})"), chunk(R"({"content":"tent>why</reas"})"),
        chunk(R"({"content":"oning_content>\n\nbecause"})"), chunk("", "stop"), "[DONE]"};
    for (const std::size_t piece : {1u, 5u, 100000u})
        EXPECT_EQ(shown(streamed(p, request, tagged, piece)), "thinking:why|text:because|end_turn");
    EXPECT_EQ(
        shown(whole(
            p, request,
            R"({"id":"i","model":"m","choices":[{"message":{"role":"assistant","content":"<reasoning_content>why</reasoning_content>because"},"finish_reason":"stop"}]})")),
        "thinking:why|text:because|end_turn");
}

TEST(Transformers, T28AnAnswerWithoutTagsIsAnAnswer) {
    const auto p = with("'forcereasoning'");
    EXPECT_EQ(
        shown(streamed(p, Request(request_text()),
                       {chunk(R"({"content":"plain <b>"})"), chunk(R"({"content":" text <rea"})"),
                        chunk("", "length"), "[DONE]"})),
        "text:plain <b> text <rea|max_tokens");
}

// ---- what every stream transformer of the reference got wrong

TEST(Transformers, T1FinishReasonAndUsageSurvive) {
    for (const char* name : {"'deepseek'", "'reasoning'", "'tooluse'", "'forcereasoning'"}) {
        const chat::Reply reply = streamed(
            with(name), Request(request_text()),
            {chunk(R"({"content":"a"})"), chunk("", "length"),
             R"({"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}})",
             "[DONE]"});
        EXPECT_EQ(shown(reply), "text:a|max_tokens") << name;
        EXPECT_EQ(reply.usage.output, 2) << name;
    }
}

TEST(Transformers, T2ErrorsInAStreamAreErrors) {
    for (const char* name : {"'reasoning'", "'forcereasoning'", "'enhancetool'"}) {
        Plan plan(with(name), "m", Request(request_text()).conversation, false);
        chat::Events events = {chat::Failed{make_error(ErrorKind::overloaded, "busy")}};
        plan.answer(events);
        ASSERT_EQ(events.size(), 1u);
        EXPECT_TRUE(std::holds_alternative<chat::Failed>(events[0])) << name;
    }
}

TEST(Transformers, T3ReasoningBeforeACallIsKept) {
    for (const char* name : {"'deepseek'", "'openrouter'", "'vercel'"}) {
        EXPECT_EQ(
            shown(streamed(
                with(name), Request(request_text()),
                {chunk(R"({"reasoning_content":"why"})"),
                 chunk(
                     R"({"tool_calls":[{"index":0,"id":"c","function":{"name":"Read","arguments":"{}"}}]})"),
                 chunk("", "tool_calls"), "[DONE]"})),
            "thinking:why|call:Read{}|tool_use")
            << name;
    }
}

TEST(Transformers, T15TruncationIsNotHidden) {
    EXPECT_EQ(
        shown(streamed(
            with("'openrouter'"), Request(request_text()),
            {chunk(R"({"content":"a"})"),
             R"({"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":1}})",
             "[DONE]"})),
        "text:a|max_tokens");
}

// ---- every name: whole answers and streams, cut anywhere

// Thought, text, two calls and usage, in chunks and whole.
const std::vector<std::string> kFullAnswer = {
    chunk(R"({"role":"assistant","reasoning_content":"wh"})"),
    chunk(R"({"reasoning_content":"y \u00e9"})"),
    chunk(R"({"content":"be"})"),
    chunk(R"({"content":"cause \ud83d\ude00"})"),
    chunk(
        R"({"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"Read","arguments":"{\"pa"}}]})"),
    chunk(R"({"tool_calls":[{"index":0,"function":{"arguments":"th\":\"1\"}"}}]})"),
    chunk(
        R"({"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"Read","arguments":"{\"path\":\"2\"}"}}]})"),
    chunk("", "tool_calls"),
    R"({"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}})",
    "[DONE]"};
constexpr std::string_view kFullAnswerWhole =
    R"({"id":"c","model":"m","choices":[{"message":{"role":"assistant","reasoning_content":"why \u00e9","content":"because \ud83d\ude00","tool_calls":[)"
    R"({"id":"a","type":"function","function":{"name":"Read","arguments":"{\"path\":\"1\"}"}},)"
    R"({"id":"b","type":"function","function":{"name":"Read","arguments":"{\"path\":\"2\"}"}}]},"finish_reason":"tool_calls"}],)"
    R"("usage":{"prompt_tokens":3,"completion_tokens":2}})";

TEST(Transformers, EveryNameReadsStreamsCutAnywhereAndWholeAnswersAlike) {
    const Request request(request_text());
    const std::string right =
        "thinking:why \u00e9|text:because \U0001F600|call:Read{\"path\":\"1\"}|"
        "call:Read{\"path\":\"2\"}|tool_use";
    int seen = 0;
    for (const config::TransformerName& name : config::transformer_names()) {
        // The names of other protocols choose a codec and add nothing to it; codecs are cut
        // anywhere in wire/stream_property_test.cpp.
        if (name.wire || name.makes_url) {
            EXPECT_FALSE(Plan(with(fmt::format("'{}'", name.name)), "m", request.conversation, true)
                             .needs_hub())
                << name.name;
            continue;
        }
        ++seen;
        const auto p = with(fmt::format("'{}'", name.name));
        const std::string answer = shown(whole(p, request, kFullAnswerWhole));
        EXPECT_EQ(answer, right) << name.name;
        for (const std::size_t piece : {1u, 3u, 17u, 100u, 100000u}) {
            const chat::Reply reply = streamed(p, request, kFullAnswer, piece);
            EXPECT_EQ(shown(reply), answer) << name.name << " in pieces of " << piece;
            EXPECT_EQ(reply.usage.output, 2) << name.name;
        }
    }
    EXPECT_EQ(seen, 16);
}

}  // namespace
}  // namespace ccr::adapt
