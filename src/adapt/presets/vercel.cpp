#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset vercel() {
    config::Preset p;
    p.name = "vercel";
    p.title = "Vercel AI Gateway";
    p.sources = {
        "https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions/reasoning"};
    p.read_on = "2026-11-26";
    p.hosts = {"ai-gateway.vercel.sh"};
    p.wires = {{Protocol::openai_chat, "https://ai-gateway.vercel.sh/v1/chat/completions"},
               {Protocol::anthropic, "https://ai-gateway.vercel.sh/v1/messages"},
               {Protocol::openai_responses, "https://ai-gateway.vercel.sh/v1/responses"}};
    p.key_variable = "AI_GATEWAY_API_KEY";
    p.traits.thinking = config::ThinkingStyle::reasoning_object;
    p.quirks = {"Model names are `maker/model`."};
    return p;
}

}  // namespace ccr::adapt::presets
