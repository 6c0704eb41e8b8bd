// Every recorded request of Claude Code, to every preset over every wire of it: only members that
// the provider accepts are sent.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>

#include "adapt/adapt_fixture.h"
#include "adapt/preset_fixture.h"

namespace ccr::adapt {
namespace {

using config::Preset;
using fixture::configured;
using fixture::models_of;
using fixture::recorded;
using fixture::Request;
using fixture::sent;

// What of a Chat request's root its preset and traits rule out.
void check_chat(const Preset& preset, const config::Traits& traits, json::View got,
                const std::string& where) {
    for (const std::string& refused : preset.refused)
        EXPECT_FALSE(got[refused]) << where << refused;
    for (const json::View::Member member : got.members()) {
        const std::string name = member.key().decode();
        EXPECT_TRUE(preset.accepted.empty() ||
                    std::ranges::find(preset.accepted, name) != preset.accepted.end())
            << where << name;
    }
    if (traits.max_tokens_field == "max_completion_tokens") {
        EXPECT_FALSE(got["max_tokens"]) << where;
    }
    if (traits.max_output && got["max_tokens"]) {
        EXPECT_LE(got["max_tokens"].integer(), *traits.max_output) << where;
    }
    const std::string effort = got["reasoning_effort"].text().decode();
    if (traits.thinking && *traits.thinking != config::ThinkingStyle::effort && !traits.efforts) {
        EXPECT_EQ(effort, "") << where;
    }
    if (traits.efforts && !effort.empty()) {
        EXPECT_NE(std::ranges::find(*traits.efforts, effort), traits.efforts->end()) << where;
    }
    if (traits.vision == false) {
        EXPECT_FALSE(got.raw().contains("image_url")) << where;
    }
}

using Names = std::set<std::string, std::less<>>;

void check_names(json::View object, const Names& known, const std::string& where) {
    for (const json::View::Member member : object.members()) {
        const std::string name = member.key().decode();
        EXPECT_TRUE(known.contains(name)) << where << name;
    }
}

// What a Chat request of ours may hold that no preset has a list for: OpenAI's page ("Create chat
// completion"), and what its preset says of thinking and of itself.
Names chat_names(const Preset& preset, const config::Traits& traits) {
    using Style = config::ThinkingStyle;
    Names out = {"model",           "messages",           "tools", "tool_choice",
                 "max_tokens",      "temperature",        "top_p", "stop",
                 "stream",          "stream_options",     "user",  "max_completion_tokens",
                 "response_format", "parallel_tool_calls"};
    const Style style = traits.thinking.value_or(Style::effort);
    if (style == Style::effort || style == Style::thinking_object) out.insert("reasoning_effort");
    if (style == Style::thinking_object) out.insert("thinking");
    if (style == Style::enable_thinking) out.insert({"enable_thinking", "thinking_budget"});
    if (style == Style::reasoning_object) out.insert("reasoning");
    if (traits.cache_key == true) out.insert("prompt_cache_key");
    for (const json::Patches* patches : {&preset.chat_patches, &preset.web_search}) {
        for (const json::WirePatch& patch : *patches) {
            if (patch.kind == json::PatchKind::set_default) out.insert(patch.pointer.substr(1));
        }
    }
    return out;
}

void check_chat_names(const Preset& preset, const config::Traits& traits, json::View got,
                      const std::string& where) {
    static const Names kTool = {"type", "function"};
    static const Names kFunction = {"name", "description", "parameters", "strict"};
    check_names(got, chat_names(preset, traits), where);
    Names message = {"role", "content", "tool_calls", "tool_call_id"};
    if (traits.reasoning_field) message.insert(*traits.reasoning_field);
    for (const json::View one : got["messages"].elements()) check_names(one, message, where);
    const auto is_search = [&](json::View tool) {
        return std::ranges::any_of(preset.web_search, [&](const json::WirePatch& patch) {
            return patch.pointer == "/tools/-" && patch.value == tool.raw();
        });
    };
    for (const json::View tool : got["tools"].elements()) {
        if (is_search(tool)) continue;
        check_names(tool, kTool, where);
        check_names(tool["function"], kFunction, where);
    }
}

// API reference, "Create a model response", as far as a request of Claude Code has a use for it.
void check_responses(json::View got, const std::string& where) {
    static const Names kRoot = {"model",
                                "input",
                                "tools",
                                "instructions",
                                "tool_choice",
                                "parallel_tool_calls",
                                "temperature",
                                "max_output_tokens",
                                "top_p",
                                "reasoning",
                                "text",
                                "include",
                                "store",
                                "stream",
                                "prompt_cache_key"};
    static const Names kItem = {"type",      "role",   "content", "call_id", "name",
                                "arguments", "output", "id",      "summary", "encrypted_content",
                                "status"};
    check_names(got, kRoot, where);
    for (const json::View item : got["input"].elements()) check_names(item, kItem, where);
}

// ai.google.dev/api/generate-content: GenerateContentRequest, GenerationConfig, Part, Tool.
void check_gemini(json::View got, const std::string& where) {
    static const Names kRoot = {"contents", "tools", "toolConfig", "systemInstruction",
                                "generationConfig"};
    static const Names kConfig = {"maxOutputTokens",
                                  "temperature",
                                  "topP",
                                  "topK",
                                  "stopSequences",
                                  "thinkingConfig",
                                  "responseMimeType",
                                  "responseSchema",
                                  "responseJsonSchema"};
    static const Names kContent = {"role", "parts"};
    static const Names kPart = {"text",     "thought",      "thoughtSignature", "inlineData",
                                "fileData", "functionCall", "functionResponse"};
    static const Names kTool = {"functionDeclarations", "googleSearch", "urlContext"};
    check_names(got, kRoot, where);
    check_names(got["generationConfig"], kConfig, where);
    for (const json::View content : got["contents"].elements()) {
        check_names(content, kContent, where);
        for (const json::View part : content["parts"].elements()) check_names(part, kPart, where);
    }
    for (const json::View tool : got["tools"].elements()) check_names(tool, kTool, where);
}

// The client's own request, less what the preset says of the endpoint's dialect.
void check_messages(const Preset& preset, json::View got, json::View asked,
                    const std::string& where) {
    const config::MessagesDialect& dialect = preset.messages;
    Names known;
    for (const json::View::Member member : asked.members()) known.insert(member.key().decode());
    if (dialect.betas == false) {
        for (const char* name : {"context_management", "output_config", "speed", "betas"})
            known.erase(name);
    }
    check_names(got, known, where);
    const std::string_view body = got.raw();
    EXPECT_FALSE(dialect.system_turns == false && body.contains(R"("role":"system")")) << where;
    EXPECT_FALSE(dialect.adaptive_thinking == false && body.contains(R"("adaptive")")) << where;
    EXPECT_FALSE(dialect.tool_reference == false && body.contains("defer_loading")) << where;
    EXPECT_FALSE(dialect.attribution == false && body.contains("x-anthropic-billing")) << where;
}

void check_sent(const Preset& preset, const config::Provider& provider, const Request& request,
                const std::string& model, const std::string& where) {
    const std::string body = sent(provider, request, model);
    const config::Traits traits = traits_of(provider, model);
    json::Document document;
    const auto got = document.parse(body);
    ASSERT_TRUE(got) << where;
    switch (provider.speaks) {
        case Protocol::openai_chat:
            check_chat(preset, traits, *got, where);
            return check_chat_names(preset, traits, *got, where);
        case Protocol::openai_responses:
            return check_responses(*got, where);
        case Protocol::gemini:
            return check_gemini(*got, where);
        case Protocol::anthropic:
            EXPECT_LE((*got)["max_tokens"].integer(), traits.max_output.value_or(1 << 30)) << where;
            return check_messages(preset, *got, request.root, where);
    }
}

TEST(PresetRequests, EveryRecordedRequestBecomesOnlyWhatThePresetAccepts) {
    std::vector<std::pair<std::string, std::unique_ptr<Request>>> requests;
    for (const auto& [name, body] : recorded())
        requests.emplace_back(name, std::make_unique<Request>(body));
    ASSERT_GE(requests.size(), 20u);
    std::size_t checked = 0;
    for (const Preset& preset : config::presets()) {
        for (const config::PresetWire& wire : preset.wires) {
            config::Provider provider = configured(preset).providers.at(0);
            if (!wire.url.empty()) provider.base_url = wire.url;
            provider.speaks = wire.speaks;
            for (const auto& [name, request] : requests) {
                for (const std::string& model : models_of(preset)) {
                    check_sent(preset, provider, *request, model,
                               fmt::format("{} {} {} {}: ", preset.name, name_of(wire.speaks),
                                           model, name));
                    ++checked;
                }
            }
        }
    }
    EXPECT_GE(checked, 2000u);
}

}  // namespace
}  // namespace ccr::adapt
