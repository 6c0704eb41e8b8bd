#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset openrouter() {
    config::Preset p;
    p.name = "openrouter";
    p.title = "OpenRouter";
    p.sources = {"https://openrouter.ai/docs/use-cases/reasoning-tokens",
                 "https://openrouter.ai/docs/api-reference/chat-completion",
                 "https://openrouter.ai/docs/guides/best-practices/prompt-caching",
                 "https://openrouter.ai/docs/agent-sdk/typescript/api-reference/models/"
                 "chatfunctiontoolfunction",
                 "https://openrouter.ai/docs/guides/features/server-tools/web-search"};
    p.read_on = "2026-11-26";
    p.hosts = {"openrouter.ai/api/"};
    p.wires = {{Protocol::openai_chat, "https://openrouter.ai/api/v1/chat/completions"}};
    p.key_variable = "OPENROUTER_API_KEY";
    p.traits.thinking = config::ThinkingStyle::reasoning_object;
    p.traits.efforts =
        std::vector<std::string>{"none", "minimal", "low", "medium", "high", "xhigh"};
    model(p, "anthropic/*").cache_marks = true;
    model(p, "qwen/*").cache_marks = true;
    p.web_search.push_back(json::set_value("/tools/-", R"({"type":"openrouter:web_search"})"));
    p.quirks = {
        "`reasoning` takes either `effort` or `max_tokens`, not both; `reasoning_details` are sent "
        "back whole.",
        "Cache marks stand on texts and on tools, not on images and calls."};
    return p;
}

}  // namespace ccr::adapt::presets
