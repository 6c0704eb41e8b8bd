#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset groq() {
    config::Preset p;
    p.name = "groq";
    p.title = "Groq";
    p.sources = {"https://console.groq.com/docs/openai", "https://console.groq.com/docs/reasoning",
                 "https://console.groq.com/docs/browser-search",
                 "https://console.groq.com/docs/web-search"};
    p.read_on = "2026-11-26";
    p.hosts = {"api.groq.com"};
    p.wires = {{Protocol::openai_chat, "https://api.groq.com/openai/v1/chat/completions"}};
    p.key_variable = "GROQ_API_KEY";
    p.traits.thinking = config::ThinkingStyle::none;
    p.traits.max_tokens_field = "max_completion_tokens";
    model(p, "openai/gpt-oss-*").thinking = config::ThinkingStyle::effort;
    model(p, "openai/gpt-oss-*").efforts = std::vector<std::string>{"low", "medium", "high"};
    json::WirePatch search = json::set_value("/tools/-", R"({"type":"browser_search"})");
    search.when =
        json::PatchCondition{"/model", "openai/gpt-oss-", json::PatchCondition::Kind::starts_with};
    p.web_search.push_back(search);
    p.refused = {"logit_bias", "logprobs", "top_logprobs"};
    p.chat_patches.push_back(json::remove_value("/tools/*/function/parameters/$schema"));
    p.quirks = {
        "The compound models search by themselves.",
        "`reasoning_effort` is for gpt-oss; Qwen 3 knows `none` and `default` only and is left to "
        "its default."};
    return p;
}

}  // namespace ccr::adapt::presets
