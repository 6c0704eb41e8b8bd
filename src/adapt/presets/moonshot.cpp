#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

void speak_kimi_chat(config::Preset& p) {
    p.traits.media_urls = false;
    p.traits.thinking = config::ThinkingStyle::thinking_object;
    p.traits.reasoning_field = "reasoning_content";
    p.traits.max_tokens_field = "max_completion_tokens";
    p.traits.cache_key = true;
    p.accepted = {"model",
                  "messages",
                  "max_completion_tokens",
                  "response_format",
                  "stop",
                  "stream",
                  "stream_options",
                  "tools",
                  "tool_choice",
                  "prompt_cache_key",
                  "safety_identifier",
                  "thinking",
                  "reasoning_effort",
                  "logprobs",
                  "top_logprobs",
                  "prediction",
                  "temperature",
                  "top_p",
                  "n",
                  "presence_penalty",
                  "frequency_penalty"};
    p.refused = {"parallel_tool_calls"};
    p.chat_patches.push_back(json::rename_member("/user", "safety_identifier"));
}

config::Preset moonshot() {
    config::Preset p;
    p.name = "moonshot";
    p.title = "Moonshot Kimi";
    p.sources = {"https://platform.moonshot.cn/docs/openapi.json",
                 "https://platform.kimi.ai/docs/guide/use-kimi-k2-thinking-model",
                 "https://platform.moonshot.ai/docs/guide/use-kimi-vision-model",
                 "https://platform.kimi.ai/docs/guide/use-web-search",
                 "https://github.com/MoonshotAI/walle/blob/main/docs/mfjs-spec.md",
                 "https://github.com/MoonshotAI/walle/blob/main/docs/walle.md"};
    p.read_on = "2026-11-27";
    p.hosts = {"api.moonshot.ai", "api.moonshot.cn"};
    p.wires = {{Protocol::openai_chat, "https://api.moonshot.ai/v1/chat/completions"},
               {Protocol::anthropic, "https://api.moonshot.ai/anthropic/v1/messages"}};
    p.key_variable = "MOONSHOT_API_KEY";
    speak_kimi_chat(p);
    model(p, "kimi-k3*").thinking = config::ThinkingStyle::effort;
    model(p, "kimi-k3*").efforts = std::vector<std::string>{"low", "high", "max"};
    model(p, "kimi-k3*").max_output = 1'048'576;
    // Always thinks: {"type": "disabled"} is an error.
    model(p, "kimi-k2.7-code*").thinking = config::ThinkingStyle::none;
    for (const char* name : {"kimi-k2.7-code*", "kimi-k2.6", "kimi-k2.5"}) {
        model(p, name).context_window = 262'144;
        model(p, name).max_output = 262'144;
        model(p, name).vision = true;
    }
    model(p, "moonshot-v1*").thinking = config::ThinkingStyle::none;
    model(p, "moonshot-v1*").reasoning_field = "";
    model(p, "moonshot-v1*").vision = false;
    for (const char* name : {"moonshot-v1-8k-vision-preview", "moonshot-v1-32k-vision-preview",
                             "moonshot-v1-128k-vision-preview"})
        model(p, name).vision = true;
    for (const char* fixed :
         {"/temperature", "/top_p", "/n", "/presence_penalty", "/frequency_penalty"}) {
        json::WirePatch patch = json::remove_value(fixed);
        patch.when =
            json::PatchCondition{"/model", "kimi-", json::PatchCondition::Kind::starts_with};
        p.chat_patches.push_back(patch);
    }
    p.chat_patches.push_back(json::clamp_most("/temperature", 1));
    p.quirks = {
        "The platform fixes the sampling of `kimi-*` models; those fields are left out.",
        "With thinking, earlier tool calls need their `reasoning_content`.",
        "Its `$web_search` is a call in the answer that the client has to send back with the same "
        "arguments, in a request that needs thinking off. That is a second request within one "
        "answer, which would be retried, counted and paid for out of the client's sight: a "
        "client's "
        "web search is recorded as a loss instead.",
        "A tool's parameters are held to its schema unless the tool says `strict: false`.",
        "Schemas of tools and answers are made into its subset, Moonshot Flavored JSON Schema.",
        "The prompt and `max_completion_tokens` together must fit the window."};
    return p;
}

}  // namespace ccr::adapt::presets
