#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset kimi_coding() {
    config::Preset p;
    p.name = "kimi-coding";
    p.title = "Kimi for coding";
    p.sources = {"https://platform.moonshot.ai/docs/guide/use-kimi-vision-model",
                 "https://www.kimi.com/code/docs/en/"};
    p.hosts = {"api.kimi.com/coding/"};
    p.wires = {{Protocol::openai_chat, "https://api.kimi.com/coding/v1/chat/completions"},
               {Protocol::anthropic, "https://api.kimi.com/coding/v1/messages"}};
    p.key_variable = "KIMI_API_KEY";
    p.traits.media_urls = false;
    p.traits.thinking = config::ThinkingStyle::thinking_object;
    p.traits.reasoning_field = "reasoning_content";
    p.quirks = {"A plan of its own: keys of the Moonshot platform do not work here."};
    return p;
}

}  // namespace ccr::adapt::presets
