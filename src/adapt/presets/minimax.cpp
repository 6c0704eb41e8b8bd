#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset minimax() {
    config::Preset p;
    p.name = "minimax";
    p.title = "MiniMax";
    p.sources = {"https://platform.minimax.io/docs/api-reference/text-anthropic-api",
                 "https://www.promptfoo.dev/docs/providers/minimax/"};
    p.read_on = "2026-11-26";
    p.hosts = {"api.minimax.io", "api.minimaxi.com"};
    p.wires = {{Protocol::openai_chat, "https://api.minimax.io/v1/chat/completions"},
               {Protocol::anthropic, "https://api.minimax.io/anthropic/v1/messages"}};
    p.key_variable = "MINIMAX_API_KEY";
    p.traits.thinking = config::ThinkingStyle::none;
    model(p, "MiniMax-M2*").vision = false;
    model(p, "MiniMax-M2*").context_window = 204'800;
    model(p, "MiniMax-M2.5").prices = config::Prices{0.3, 1.2, 0.03, 0.375, "2026-11-26"};
    model(p, "MiniMax-M2.1").prices = config::Prices{0.3, 1.2, 0.03, 0.375, "2026-11-26"};
    p.chat_patches.push_back(json::set_default("/reasoning_split", "true"));
    json::WirePatch temperature = json::clamp_most("/temperature", 1);
    temperature.least = 0.01;
    p.chat_patches.push_back(temperature);
    p.quirks = {"Without `reasoning_split` the chat endpoint mixes thinking into the text.",
                "`temperature` is above 0 and at most 1."};
    return p;
}

}  // namespace ccr::adapt::presets
