#include <array>

#include "adapt/presets/all.h"

namespace ccr::adapt::presets {
namespace {

using config::ThinkingStyle;

constexpr auto kStartsWith = json::PatchCondition::Kind::starts_with;

void add_models(config::Preset& p) {
    for (const char* name : {"glm-5*", "glm-4.7*", "glm-4.6"}) model(p, name).max_output = 131'072;
    model(p, "glm-5*").context_window = 200'000;
    model(p, "glm-4.6").context_window = 204'800;
    for (const char* name : {"glm-4.5", "glm-4.5-air"}) model(p, name).context_window = 131'072;
    model(p, "glm-4.5*").max_output = 96'000;
    model(p, "glm-4.6v*").max_output = 32'000;
    model(p, "glm-4.5v").max_output = 16'000;
    model(p, "glm-4-32b-0414-128k").max_output = 16'000;
    model(p, "glm-4-32b-0414-128k").thinking = ThinkingStyle::none;
    for (const char* name : {"glm-5v*", "glm-4.6v*", "glm-4.5v*", "autoglm-phone*"})
        model(p, name).vision = true;
    // Thinks always, and takes the effort alone.
    model(p, "glm-5.3*").thinking = ThinkingStyle::effort;
    model(p, "glm-5.3*").efforts = std::vector<std::string>{"low", "high", "max"};
    // Takes the others' names too, for these two.
    model(p, "glm-5.2*").efforts = std::vector<std::string>{"high", "max"};
}

// "Stream Tool Call": arguments come as they are made, for the models named there.
void add_tool_stream(config::Preset& p) {
    for (const char* name : {"glm-5.", "glm-5-turbo", "glm-4.7"}) {
        json::WirePatch on = json::set_default("/tool_stream", "true");
        on.when = json::PatchCondition{"/model", name, kStartsWith};
        p.chat_patches.push_back(on);
    }
    for (const char* name : {R"("glm-5")", R"("glm-4.6")"}) {
        json::WirePatch on = json::set_default("/tool_stream", "true");
        on.when = json::PatchCondition{"/model", name};
        p.chat_patches.push_back(on);
    }
    json::WirePatch whole = json::remove_value("/tool_stream");
    whole.when = json::PatchCondition{"/stream", "false"};
    p.chat_patches.push_back(whole);
}

constexpr std::array kTextModels = {"glm-5.", "glm-5-turbo", "glm-4.7", "glm-4.5-"};
constexpr std::array kTextModelsExactly = {R"("glm-5")", R"("glm-4.6")", R"("glm-4.5")"};

}  // namespace

// The tool stands among the functions, of the text models only.
void search_with_glm(config::Preset& p, const std::string& engine) {
    const json::WirePatch tool = json::set_value(
        "/tools/-", R"({"type":"web_search","web_search":{"enable":true,"search_engine":")" +
                        engine + R"(","search_result":true}})");
    const auto add = [&](const char* name, json::PatchCondition::Kind kind) {
        p.web_search.push_back(tool);
        p.web_search.back().when = json::PatchCondition{"/model", name, kind};
    };
    for (const char* name : kTextModels) add(name, kStartsWith);
    for (const char* name : kTextModelsExactly) add(name, json::PatchCondition::Kind::equals);
}

void speak_glm_chat(config::Preset& p) {
    p.traits.thinking = ThinkingStyle::thinking_object;
    p.traits.reasoning_field = "reasoning_content";
    p.traits.max_tokens_field = "max_tokens";
    p.traits.vision = false;
    add_models(p);
    p.accepted = {"model",       "messages",   "request_id",       "do_sample",
                  "stream",      "thinking",   "reasoning_effort", "temperature",
                  "top_p",       "max_tokens", "tool_stream",      "tools",
                  "tool_choice", "stop",       "response_format",  "user_id"};
    p.refused = {"stream_options",
                 "parallel_tool_calls",
                 "frequency_penalty",
                 "presence_penalty",
                 "user",
                 "seed",
                 "n",
                 "logit_bias",
                 "logprobs",
                 "top_logprobs",
                 "store",
                 "metadata"};
    json::WirePatch choice = json::set_value("/tool_choice", R"("auto")");
    choice.when = json::PatchCondition{"/tool_choice", ""};
    p.chat_patches.push_back(choice);
    p.chat_patches.push_back(json::remove_value("/tools/*/function/strict"));
    p.chat_patches.push_back(json::clamp_most("/temperature", 1));
    json::WirePatch format = json::set_value("/response_format", R"({"type":"json_object"})");
    format.where = json::PatchCondition{"/type", R"("json_schema")"};
    p.chat_patches.push_back(format);
    add_tool_stream(p);
    p.quirks = {
        "`tool_choice` is `auto` only; a tool has no `strict`; usage comes without "
        "`stream_options`.",
        "An answer's JSON schema is asked for as JSON without one; one stop sequence is taken."};
}

}  // namespace ccr::adapt::presets
