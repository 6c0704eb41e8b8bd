#include "adapt/lesson.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "adapt/lesson_fields.h"

namespace ccr::adapt {
namespace {

constexpr auto kChat = Protocol::openai_chat;
constexpr auto kMessages = Protocol::anthropic;
constexpr auto kResponses = Protocol::openai_responses;
constexpr auto kGemini = Protocol::gemini;

// "temperature is left out; top_p is left out"
std::string learned(int status, std::string_view body, Protocol wire, std::string_view request) {
    json::Document document;
    const auto root = document.parse(request);
    if (!root) return "the test's request is no JSON";
    std::string out;
    for (const Lesson& lesson : lessons_of(status, body, wire, *root)) {
        if (!out.empty()) out += "; ";
        out += field_of(lesson) + " " + clause_of(lesson);
    }
    return out;
}

// The request after all that the refusal taught.
std::string mended(std::string_view body, Protocol wire, std::string_view request) {
    json::Document document;
    const auto root = document.parse(request);
    std::string out(request);
    for (const Lesson& lesson : lessons_of(400, body, wire, *root))
        out = json::apply_patches(out, patches_of(lesson));
    return out;
}

std::string openai(std::string_view message, std::string_view param = "null") {
    return fmt::format(
        R"({{"error":{{"message":"{}","type":"invalid_request_error","param":{},"code":null}}}})",
        message, param);
}
std::string anthropic(std::string_view message) {
    return fmt::format(
        R"({{"type":"error","error":{{"type":"invalid_request_error","message":"{}"}}}})", message);
}

struct Case {
    const char* name;
    int status;
    std::string body;
    Protocol wire;
    const char* request;
    const char* learned;
};
void PrintTo(const Case& c, std::ostream* out) {
    *out << c.name;
}

class Refusals : public testing::TestWithParam<Case> {};

TEST_P(Refusals, TeachTheirLesson) {
    const Case& c = GetParam();
    EXPECT_EQ(learned(c.status, c.body, c.wire, c.request), c.learned);
}

const char* const kSampled =
    R"({"model":"m","messages":[],"max_tokens":32000,"temperature":0.2,"top_p":0.9,"top_k":5})";

INSTANTIATE_TEST_SUITE_P(
    Fields, Refusals,
    testing::Values(
        Case{"openai_max_tokens", 400,
             openai("Unsupported parameter: 'max_tokens' is not supported with this model. Use "
                    "'max_completion_tokens' instead.",
                    R"("max_tokens")"),
             kChat, kSampled, "max_tokens is sent as max_completion_tokens"},
        Case{"openai_temperature", 400,
             openai("Unsupported value: 'temperature' does not support 0.2 with this model. Only "
                    "the default (1) value is supported.",
                    R"("temperature")"),
             kChat, kSampled, "temperature is left out"},
        Case{"codex_detail", 400, R"({"detail":"Unsupported parameter: max_output_tokens"})",
             kResponses, R"({"model":"m","input":[],"max_output_tokens":9})",
             "max_output_tokens is left out"},
        Case{"openai_unknown", 400, openai("Unknown parameter: 'messages[1].reasoning_content'."),
             kChat,
             R"({"messages":[{"role":"user"},{"role":"assistant","reasoning_content":"x"}]})",
             "messages.reasoning_content is left out"},
        Case{"azure_unrecognized", 400,
             openai("Unrecognized request argument supplied: reasoning_effort"), kChat,
             R"({"messages":[],"reasoning_effort":"high"})", "reasoning_effort is left out"},
        Case{
            "mistral_detail", 422,
            R"({"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":32000}]}})",
            kChat, R"({"messages":[],"max_completion_tokens":32000})",
            "max_completion_tokens is sent as max_tokens"},
        Case{
            "mistral_several", 422,
            R"({"detail":[{"type":"extra_forbidden","loc":["body","store"],"msg":"Extra inputs are not permitted","input":false},{"type":"extra_forbidden","loc":["body","messages",31,"assistant","reasoning_content"],"msg":"Extra inputs are not permitted","input":"\n"}]})",
            kChat, R"({"store":false,"messages":[{"reasoning_content":"x"}]})",
            "store is left out; messages.reasoning_content is left out"},
        Case{
            "mistral_json_in_a_string", 422,
            R"({"object":"error","message":"{\"detail\":[{\"loc\":[\"body\",\"frequency_penalty\"],\"msg\":\"Extra inputs are not permitted\"}]}"})",
            kChat, R"({"messages":[],"frequency_penalty":0.0})", "frequency_penalty is left out"},
        Case{
            "google_unknown_names", 400,
            R"([{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"frequency_penalty\": Cannot find field.\nInvalid JSON payload received. Unknown name \"top_k\": Cannot find field.","status":"INVALID_ARGUMENT"}}])",
            kChat, R"({"messages":[],"frequency_penalty":1,"top_k":3})",
            "frequency_penalty is left out; top_k is left out"},
        Case{
            "google_nested", 400,
            R"({"error":{"message":"Invalid JSON payload received. Unknown name \"thinkingLevel\" at 'generation_config.thinking_config': Cannot find field."}})",
            kGemini,
            R"({"contents":[],"generationConfig":{"thinkingConfig":{"thinkingLevel":"low"}}})",
            "generationConfig.thinkingConfig.thinkingLevel is left out"},
        Case{"google_penalty", 400,
             R"({"error":{"message":"Penalty is not enabled for models/gemini-2.5-flash"}})",
             kGemini, R"({"generationConfig":{"presencePenalty":1}})",
             "generationConfig.presencePenalty is left out"},
        Case{"groq_reasoning_content", 400,
             openai("'messages.1' : for 'role:assistant' the following must be "
                    "satisfied[('messages.1' : property 'reasoning_content' is unsupported)]"),
             kChat, R"({"messages":[{"role":"assistant","reasoning_content":"x"}]})",
             "messages.reasoning_content is left out"},
        Case{"groq_reasoning", 400, openai("property 'reasoning' is unsupported"), kChat,
             R"({"messages":[],"reasoning":{"effort":"high"}})", "reasoning is left out"},
        Case{
            "xai_argument", 400,
            R"({"code":"Client specified an invalid argument","error":"Argument not supported on this model: presencePenalty"})",
            kChat, R"({"messages":[],"presence_penalty":1})", "presence_penalty is left out"},
        Case{"xai_effort", 400,
             R"({"error":"Model grok-4 does not support parameter reasoningEffort."})", kChat,
             R"({"messages":[],"reasoning_effort":"high"})", "reasoning_effort is left out"},
        Case{"anthropic_top_level", 400,
             anthropic("context_management: Extra inputs are not permitted"), kMessages,
             R"({"messages":[],"context_management":{}})", "context_management is left out"},
        Case{"anthropic_tool_member", 400,
             anthropic("tools.0.custom.defer_loading: Extra inputs are not permitted"), kMessages,
             R"({"messages":[],"tools":[{"name":"a","defer_loading":true}]})",
             "tools.defer_loading is left out"},
        Case{"anthropic_cache_on_tools_only", 400,
             anthropic("tools.3.cache_control: Extra inputs are not permitted"), kMessages,
             R"({"system":[{"cache_control":{}}],"tools":[{"cache_control":{}}]})",
             "tools.cache_control is left out"},
        Case{"anthropic_scope", 400,
             anthropic("system.1.cache_control.ephemeral.scope: Extra inputs are not permitted"),
             kMessages, R"({"system":[{"cache_control":{"type":"ephemeral","scope":"global"}}]})",
             "system.cache_control.scope is left out"},
        Case{"anthropic_adaptive", 400,
             anthropic("adaptive thinking is not supported on this model"), kMessages,
             R"({"messages":[],"thinking":{"type":"adaptive"}})", "thinking is left out"},
        Case{"anthropic_deprecated", 400, anthropic("`temperature` is deprecated for this model."),
             kMessages, kSampled, "temperature is left out"},
        Case{"openrouter_cache", 404,
             R"({"error":{"message":"No endpoints found that support cache control","code":404}})",
             kChat, R"({"messages":[{"content":[{"text":"a","cache_control":{}}]}]})",
             "messages.content.cache_control is left out"},
        Case{
            "openrouter_choice", 404,
            R"({"error":{"message":"No endpoints found that support the provided 'tool_choice' value.","code":404}})",
            kChat, R"({"messages":[],"tool_choice":"required"})", "tool_choice is left out"},
        Case{
            "openrouter_raw", 400,
            R"({"error":{"message":"Provider returned error","metadata":{"raw":"{\"error\":{\"message\":\"Unsupported parameter: 'top_p' is not supported with this model.\"}}"}}})",
            kChat, kSampled, "top_p is left out"},
        Case{"deepseek_choice", 400, openai("deepseek-reasoner does not support this tool_choice"),
             kChat, R"({"messages":[],"tool_choice":"required"})", "tool_choice is left out"},
        Case{"dashscope_choice", 400,
             openai("The tool_choice parameter does not support being set to required or object in "
                    "thinking mode"),
             kChat, R"({"messages":[],"tool_choice":"required"})", "tool_choice is left out"},
        Case{"plain_text", 400, "json: unknown field \"stream_options\"", kChat,
             R"({"messages":[],"stream_options":{}})", "stream_options is left out"}));

INSTANTIATE_TEST_SUITE_P(
    Ranges, Refusals,
    testing::Values(
        Case{"deepseek", 400,
             openai("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]"), kChat,
             kSampled, "max_tokens is at most 8192"},
        Case{"dashscope", 400,
             openai("<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, "
                    "8192]"),
             kChat, kSampled, "max_tokens is at most 8192"},
        Case{"openai_too_large", 400,
             openai("max_tokens is too large: 32000. This model supports at most 16384 completion "
                    "tokens, whereas you provided 32000.",
                    R"("max_tokens")"),
             kChat, kSampled, "max_tokens is at most 16384"},
        Case{"openai_maximum", 400,
             openai("Invalid 'max_output_tokens': integer above maximum value. Expected a value <= "
                    "128000, but got 200000 instead.",
                    R"("max_output_tokens")"),
             kResponses, R"({"input":[],"max_output_tokens":200000})",
             "max_output_tokens is at most 128000"},
        Case{"groq", 400,
             openai("`max_tokens` must be less than or equal to `8192`, the maximum value for "
                    "`max_tokens` is less than the `context_window` for this model"),
             kChat, kSampled, "max_tokens is at most 8192"},
        Case{"anthropic", 400,
             anthropic("max_tokens: 32000 > 8192, which is the maximum allowed number of output "
                       "tokens for claude-3-5-haiku"),
             kMessages, kSampled, "max_tokens is at most 8192"},
        Case{
            "vertex", 400,
            R"({"error":{"message":"Unable to submit request because it has a maxOutputTokens value of 65536 but the supported range is from 1 (inclusive) to 8193 (exclusive). Update the value and try again."}})",
            kGemini, R"({"generationConfig":{"maxOutputTokens":65536}})",
            "generationConfig.maxOutputTokens is at most 8192"},
        Case{"open_interval", 400, openai("Range of top_p should be (0.0, 1.0]"), kChat,
             R"({"messages":[],"top_p":0})", "top_p is at least 0.01"},
        Case{"anthropic_budget", 400,
             anthropic("thinking.enabled.budget_tokens: Input should be greater than or equal to "
                       "1024"),
             kMessages, R"({"thinking":{"type":"enabled","budget_tokens":100}})",
             "thinking.budget_tokens is at least 1024"},
        Case{"moonshot", 400, openai("invalid temperature: only 1 is allowed for this model"),
             kChat, kSampled, "temperature is at least 1"},
        Case{"between", 400, openai("temperature must be between 0 and 1"), kChat,
             R"({"messages":[],"temperature":1.5})", "temperature is at most 1"}));

INSTANTIATE_TEST_SUITE_P(
    Values, Refusals,
    testing::Values(
        Case{
            "kimi_effort", 400,
            openai("Unsupported value: 'reasoning_effort' does not support 'none' with this model. "
                   "Supported values are: 'minimal', 'low', 'medium', and 'high'."),
            kChat, R"({"messages":[],"reasoning_effort":"none"})",
            R"(reasoning_effort is "minimal" in the place of "none")"},
        Case{"openai_effort", 400,
             openai("Invalid value: 'xhigh'. Supported values are: 'low', 'medium', and 'high'.",
                    R"("reasoning.effort")"),
             kResponses, R"({"input":[],"reasoning":{"effort":"xhigh"}})",
             R"(reasoning.effort is "high" in the place of "xhigh")"},
        Case{"groq_effort", 400, openai("`reasoning_effort` must be one of `none` or `default`"),
             kChat, R"({"messages":[],"reasoning_effort":"high"})",
             R"(reasoning_effort is "none" in the place of "high")"},
        Case{
            "images", 400,
            openai("Failed to deserialize the JSON body into the target type: messages[0]: unknown "
                   "variant `image_url`, expected `text` at line 1 column 679289"),
            kChat,
            R"({"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:"}}]}]})",
            "images are told of in a sentence"},
        Case{"openrouter_images", 404,
             R"({"error":{"message":"No endpoints found that support image input","code":404}})",
             kChat, R"({"messages":[{"content":[{"type":"image_url"}]}]})",
             "images are told of in a sentence"}));

// What must teach nothing: what carries the meaning, what is not in the request, what is no refusal
// of a field.
INSTANTIATE_TEST_SUITE_P(
    NoLesson, Refusals,
    testing::Values(
        Case{
            "tools", 422,
            R"({"detail":[{"type":"extra_forbidden","loc":["body","tools"],"msg":"Extra inputs are not permitted","input":[]}]})",
            kChat, R"({"messages":[],"tools":[]})", ""},
        Case{"messages", 400, openai("Unsupported parameter: 'messages'"), kChat, kSampled, ""},
        Case{"model", 400, openai("Unknown parameter: 'model'."), kChat, kSampled, ""},
        Case{"stream", 400, openai("Unsupported parameter: 'stream'"), kChat,
             R"({"messages":[],"stream":true})", ""},
        Case{"system", 400, anthropic("system: Extra inputs are not permitted"), kMessages,
             R"({"messages":[],"system":"s"})", ""},
        Case{
            "message_name", 422,
            R"({"detail":[{"loc":["body","messages",2,"assistant","tool_calls",0,"name"],"msg":"Extra inputs are not permitted"}]})",
            kChat, R"({"messages":[{"tool_calls":[{"name":"x"}]}]})", ""},
        Case{"input_of_a_call", 400,
             anthropic("messages.1.content.0.tool_use.input.temperature: Extra inputs are not "
                       "permitted"),
             kMessages,
             R"({"temperature":1,"messages":[{"content":[{"input":{"temperature":1}}]}]})", ""},
        Case{"tool_use_text", 400,
             anthropic("messages.65.content.1.tool_use.text: Extra inputs are not permitted"),
             kMessages, R"({"messages":[{"content":[{"text":"x"}]}]})", ""},
        Case{"cache_on_thinking_only", 400,
             anthropic("messages.13.content.0.thinking.cache_control: Extra inputs are not "
                       "permitted"),
             kMessages, R"({"messages":[{"content":[{"cache_control":{}}]}]})", ""},
        Case{"max_tokens_of_anthropic", 400,
             anthropic("max_tokens: Extra inputs are not permitted"), kMessages, kSampled, ""},
        Case{"absent", 400, openai("Unsupported parameter: 'seed'"), kChat, kSampled, ""},
        Case{"overflow", 400,
             openai("This model's maximum context length is 8192 tokens. However, you requested "
                    "9000 tokens (1000 in the messages, 8000 in the completion)."),
             kChat, kSampled, ""},
        Case{"in_range", 400,
             openai("Invalid max_tokens value, the valid range of max_tokens is [1, 65536]"), kChat,
             kSampled, ""},
        Case{"absurd_bound", 400, openai("valid range of max_tokens is [1, 5]"), kChat, kSampled,
             ""},
        Case{"signature", 400,
             anthropic("messages.1.content.0: Invalid `signature` in `thinking` block"), kMessages,
             R"({"thinking":{"type":"adaptive"},"messages":[]})", ""},
        Case{"too_many_marks", 400,
             anthropic("A maximum of 4 blocks with cache_control may be provided. Found 5."),
             kMessages, R"({"system":[{"cache_control":{}}]})", ""},
        Case{"wrong_key", 401, openai("Unsupported parameter: 'top_p'"), kChat, kSampled, ""},
        Case{"server_error", 500, openai("Unsupported parameter: 'top_p'"), kChat, kSampled, ""},
        Case{"policy", 400,
             openai("The response was filtered due to the prompt triggering content management "
                    "policy"),
             kChat, kSampled, ""},
        Case{"tools_unsupported", 400, openai("This model does not support tools"), kChat,
             R"({"messages":[],"tools":[{}]})", ""},
        Case{
            "quoted_input", 422,
            R"({"detail":[{"loc":["body","messages"],"msg":"Field required","input":{"message":"Unsupported parameter: 'top_p'"}}]})",
            kChat, kSampled, ""},
        Case{"empty", 400, "", kChat, kSampled, ""},
        Case{"no_images_there", 400, openai("This model does not support image input"), kChat,
             kSampled, ""}));

TEST(Lesson, MendsTheRequestAndNothingElse) {
    EXPECT_EQ(mended(openai("Unsupported parameter: 'max_tokens' is not supported with this model. "
                            "Use 'max_completion_tokens' instead."),
                     kChat, R"({ "model":"m", "max_tokens" : 5,"messages":[ ] })"),
              R"({ "model":"m", "max_completion_tokens" : 5,"messages":[ ] })");
    EXPECT_EQ(mended(anthropic("tools.0.custom.strict: Extra inputs are not permitted"), kMessages,
                     R"({"tools":[{"name":"a","strict":true},{"name":"strict"}]})"),
              R"({"tools":[{"name":"a"},{"name":"strict"}]})");
    EXPECT_EQ(
        mended(openai("valid range of max_tokens is [1, 8192]"), kChat, kSampled),
        R"({"model":"m","messages":[],"max_tokens":8192,"temperature":0.2,"top_p":0.9,"top_k":5})");
}

TEST(Lesson, AnEffortIsReplacedWhereItIsTheRefusedOneOnly) {
    const Lesson lesson{Mend::use, {"/reasoning_effort"}, "\"high\"", "\"xhigh\"", 0};
    EXPECT_EQ(json::apply_patches(R"({"reasoning_effort":"xhigh"})", patches_of(lesson)),
              R"({"reasoning_effort":"high"})");
    EXPECT_EQ(json::apply_patches(R"({"reasoning_effort":"low"})", patches_of(lesson)),
              R"({"reasoning_effort":"low"})");
    EXPECT_EQ(json::apply_patches(R"({})", patches_of(lesson)), R"({})");
}

TEST(Lesson, AnImageLeavesASentence) {
    const std::string out = json::apply_patches(
        R"({"messages":[{"content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{}}]},{"content":"b"}]})",
        patches_of({Mend::note_images, {}, {}, {}, 0}));
    EXPECT_EQ(
        out,
        R"({"messages":[{"content":[{"type":"text","text":"a"},{"type":"text","text":"[An image stood here. This model takes none.]"}]},{"content":"b"}]})");
}

TEST(Lesson, SurvivesBeingWritten) {
    const std::vector<Lesson> lessons{
        {Mend::leave_out, {"/top_k", "/generationConfig/topK"}, {}, {}, 0},
        {Mend::rename, {"/max_tokens"}, "max_completion_tokens", {}, 0},
        {Mend::at_most, {"/max_tokens"}, {}, {}, 8192},
        {Mend::at_least, {"/top_p"}, {}, {}, 0.01},
        {Mend::use, {"/reasoning_effort"}, "\"high\"", "\"xhigh\"", 0},
        {Mend::note_images, {}, {}, {}, 0}};
    for (const Lesson& lesson : lessons) {
        const std::string text = to_json(lesson);
        json::Document document;
        EXPECT_EQ(lesson_from(*document.parse(text)), lesson) << text;
    }
}

// The file is the user's, but nothing in it may cut a request's meaning.
TEST(Lesson, WhatMayNotBeTouchedIsNotReadEither) {
    for (const char* text :
         {R"({"mend":"leave_out","at":["/messages"]})", R"({"mend":"leave_out","at":["/tools"]})",
          R"({"mend":"leave_out","at":["/max_tokens"]})", R"({"mend":"leave_out","at":[]})",
          R"({"mend":"rename","at":["/max_tokens"],"value":"model"})",
          R"({"mend":"use","at":["/reasoning_effort"],"value":"{}"})", R"({"mend":"x"})",
          R"([])"}) {
        json::Document document;
        EXPECT_FALSE(lesson_from(*document.parse(text))) << text;
    }
}

TEST(LessonFields, NothingThatCarriesMeaningMayBeTouched) {
    for (const char* pointer :
         {"/messages", "/model", "/tools", "/stream", "/system", "/input", "/contents",
          "/instructions", "/tools/*/name", "/messages/*/content"})
        EXPECT_FALSE(may_touch(pointer)) << pointer;
}

}  // namespace
}  // namespace ccr::adapt
