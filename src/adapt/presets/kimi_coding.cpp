#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset kimi_coding() {
    config::Preset p;
    p.name = "kimi-coding";
    p.title = "Kimi for coding";
    p.sources = {"https://github.com/MoonshotAI/kimi-code/blob/main/docs/AGENTS.md",
                 "https://github.com/MoonshotAI/kimi-code/blob/main/docs/en/configuration/"
                 "config-files.md",
                 "https://platform.moonshot.cn/docs/openapi.json",
                 "https://platform.moonshot.ai/docs/guide/use-kimi-vision-model",
                 "https://github.com/MoonshotAI/walle/blob/main/docs/walle.md",
                 "https://github.com/MoonshotAI/kimi-cli/issues/2061"};
    p.read_on = "2026-11-27";
    p.hosts = {"api.kimi.com/coding/"};
    p.wires = {{Protocol::openai_chat, "https://api.kimi.com/coding/v1/chat/completions"},
               {Protocol::anthropic, "https://api.kimi.com/coding/v1/messages"}};
    p.key_variable = "KIMI_API_KEY";
    speak_kimi_chat(p);
    p.quirks = {"A plan of its own: keys of the Moonshot platform do not work here.",
                "Asks for `prompt_cache_key`: one for each session.",
                "Schemas of tools and answers are made into Moonshot Flavored JSON Schema."};
    return p;
}

}  // namespace ccr::adapt::presets
