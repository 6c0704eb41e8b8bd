#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset minimax() {
    config::Preset p;
    p.name = "minimax";
    p.title = "MiniMax";
    p.sources = {"https://platform.minimax.io/docs/api-reference/text-chat-openai",
                 "https://platform.minimax.io/docs/api-reference/text-chat",
                 "https://platform.minimax.io/docs/api-reference/text-openai-api",
                 "https://platform.minimax.io/docs/api-reference/text-anthropic-api"};
    p.read_on = "2026-11-27";
    p.hosts = {"api.minimax.io", "api.minimaxi.com"};
    p.wires = {{Protocol::openai_chat, "https://api.minimax.io/v1/chat/completions"},
               {Protocol::anthropic, "https://api.minimax.io/anthropic/v1/messages"}};
    p.key_variable = "MINIMAX_API_KEY";
    p.traits.max_tokens_field = "max_completion_tokens";
    model(p, "MiniMax-M3*").thinking = config::ThinkingStyle::thinking_object;
    model(p, "MiniMax-M3*").vision = true;
    model(p, "MiniMax-M3*").context_window = 1'000'000;
    model(p, "MiniMax-M3*").max_output = 524'288;
    p.traits.thinking = config::ThinkingStyle::none;  // M2 thinks whatever it is told
    model(p, "MiniMax-M2*").vision = false;
    model(p, "MiniMax-M2*").context_window = 204'800;
    model(p, "MiniMax-M2*").max_output = 204'800;
    model(p, "MiniMax-M2.5").prices = config::Prices{0.3, 1.2, 0.03, 0.375, "2026-11-26"};
    model(p, "MiniMax-M2.1").prices = config::Prices{0.3, 1.2, 0.03, 0.375, "2026-11-26"};
    json::WirePatch adaptive = json::set_value("/thinking/type", R"("adaptive")");
    adaptive.where = json::PatchCondition{"", R"("enabled")"};
    p.chat_patches.push_back(adaptive);
    p.chat_patches.push_back(json::set_default("/reasoning_split", "true"));
    p.chat_patches.push_back(json::remove_value("/tools/*/function/strict"));
    // "value range (0, 1]", of the M2 models.
    for (const char* name : {"/temperature", "/top_p"}) {
        json::WirePatch bounds = json::clamp_most(name, 1);
        bounds.least = 0.01;
        bounds.when =
            json::PatchCondition{"/model", "MiniMax-M2", json::PatchCondition::Kind::starts_with};
        p.chat_patches.push_back(bounds);
    }
    p.quirks = {
        "Without `reasoning_split` the chat endpoint mixes thinking into the text.",
        "`thinking` is `adaptive` or `disabled`, and only M3 can do without.",
        "`temperature` and `top_p` of the M2 models are above 0 and at most 1; those of M3 are "
        "sent as they are.",
        "Failures may come as HTTP 200 with a `base_resp` that tells them."};
    return p;
}

}  // namespace ccr::adapt::presets
