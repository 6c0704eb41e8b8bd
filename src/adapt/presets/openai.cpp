#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset openai() {
    config::Preset p;
    p.name = "openai";
    p.title = "OpenAI";
    p.sources = {"https://platform.openai.com/docs/api-reference/chat/create",
                 "https://platform.openai.com/docs/guides/reasoning",
                 "https://developers.openai.com/docs/guides/prompt-caching",
                 "https://developers.openai.com/api/docs/models/gpt-5-codex",
                 "https://developers.openai.com/api/docs/guides/tools-web-search"};
    p.hosts = {"api.openai.com"};
    p.wires = {{Protocol::openai_chat, "https://api.openai.com/v1/chat/completions"},
               {Protocol::openai_responses, "https://api.openai.com/v1/responses"}};
    p.key_variable = "OPENAI_API_KEY";
    p.traits.thinking = config::ThinkingStyle::effort;
    p.traits.max_tokens_field = "max_completion_tokens";
    p.traits.vision = true;
    p.traits.cache_key = true;
    model(p, "gpt-4*").thinking = config::ThinkingStyle::none;
    model(p, "gpt-3.5*").thinking = config::ThinkingStyle::none;
    model(p, "gpt-5*").efforts = std::vector<std::string>{"minimal", "low", "medium", "high"};
    model(p, "gpt-5.1*").efforts = std::vector<std::string>{"none", "low", "medium", "high"};
    model(p, "o1*").efforts = std::vector<std::string>{"low", "medium", "high"};
    model(p, "o3*").efforts = std::vector<std::string>{"low", "medium", "high"};
    model(p, "o4*").efforts = std::vector<std::string>{"low", "medium", "high"};
    for (const char* name : {"gpt-4o-search", "gpt-4o-mini-search", "gpt-5-search"}) {
        json::WirePatch search = json::set_default("/web_search_options", "{}");
        search.when = json::PatchCondition{"/model", name, json::PatchCondition::Kind::starts_with};
        p.web_search.push_back(search);
    }
    model(p, "gpt-5-codex*").context_window = 400'000;
    model(p, "gpt-5-codex*").max_output = 128'000;
    model(p, "gpt-5-codex*").prices = config::Prices{1.25, 10.0, 0.125, std::nullopt, "2026-11-26"};
    p.quirks = {"Reasoning models refuse `max_tokens`; all take `max_completion_tokens`."};
    return p;
}

}  // namespace ccr::adapt::presets
