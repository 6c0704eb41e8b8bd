#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset xai() {
    config::Preset p;
    p.name = "xai";
    p.title = "xAI";
    p.sources = {"https://github.com/chatboxai/chatbox/issues/3714",
                 "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/partner-models/grok/"
                 "capabilities/reasoning"};
    p.read_on = "2026-11-26";
    p.hosts = {"api.x.ai"};
    p.wires = {{Protocol::openai_chat, "https://api.x.ai/v1/chat/completions"},
               {Protocol::openai_responses, "https://api.x.ai/v1/responses"}};
    p.key_variable = "XAI_API_KEY";
    p.traits.thinking = config::ThinkingStyle::none;
    model(p, "grok-4.3*").thinking = config::ThinkingStyle::effort;
    model(p, "grok-4.3*").efforts = std::vector<std::string>{"none", "low", "medium", "high"};
    p.refused = {"presence_penalty", "frequency_penalty"};
    p.quirks = {
        "Only the models from grok-4.3 on take `reasoning_effort`; the reasoning models refuse the "
        "penalties."};
    return p;
}

}  // namespace ccr::adapt::presets
