#include <utility>

#include "adapt/presets/all.h"

namespace ccr::adapt::presets {
namespace {

// "Reasoning" (docs.x.ai): the reasoning models refuse it. Their sisters, whose names go on with
// non-reasoning, take it, so that no prefix of both can be here.
void add_stops(config::Preset& p) {
    const auto remove = [&p](json::PatchCondition when) {
        json::WirePatch stop = json::remove_value("/stop");
        stop.when = std::move(when);
        p.chat_patches.push_back(std::move(stop));
    };
    using enum json::PatchCondition::Kind;
    for (const char* name :
         {R"("grok-4")", R"("grok-4-fast")", R"("grok-4-1-fast")", R"("grok-4.20")"})
        remove({"/model", name, equals});
    for (const char* name :
         {"grok-4-0", "grok-4-latest", "grok-4-fast-reasoning", "grok-4-1-fast-reasoning",
          "grok-4.20-reasoning", "grok-4.20-0309-reasoning", "grok-4.20-multi-agent", "grok-4.3",
          "grok-4.5"})
        remove({"/model", name, starts_with});
}

}  // namespace

config::Preset xai() {
    config::Preset p;
    p.name = "xai";
    p.title = "xAI";
    p.sources = {"https://docs.x.ai/docs/api-reference",
                 "https://docs.x.ai/developers/models/grok-4.20-0309",
                 "https://docs.x.ai/developers/grok-4-5"};
    p.read_on = "2026-11-27";
    p.hosts = {"api.x.ai"};
    p.wires = {{Protocol::openai_chat, "https://api.x.ai/v1/chat/completions"},
               {Protocol::openai_responses, "https://api.x.ai/v1/responses"}};
    p.key_variable = "XAI_API_KEY";
    p.traits.thinking = config::ThinkingStyle::none;
    p.traits.max_tokens_field = "max_completion_tokens";
    p.traits.cache_key = true;
    model(p, "grok-4.3*").thinking = config::ThinkingStyle::effort;
    model(p, "grok-4.3*").efforts = std::vector<std::string>{"none", "low", "medium", "high"};
    model(p, "grok-4.5*").thinking = config::ThinkingStyle::effort;
    model(p, "grok-4.5*").efforts = std::vector<std::string>{"low", "medium", "high"};
    model(p, "grok-4.5*").prices =
        config::Prices{2.0, 6.0, std::nullopt, std::nullopt, "2026-11-26"};
    model(p, "grok-4.20*").context_window = 1'000'000;
    model(p, "grok-4.20*").prices = config::Prices{1.25, 2.5, 0.2, std::nullopt, "2026-11-26"};
    p.refused = {"presence_penalty", "frequency_penalty", "logit_bias"};
    add_stops(p);
    p.quirks = {
        "Only the models from grok-4.3 on take `reasoning_effort`; the reasoning models refuse the "
        "penalties and `stop`.",
        "Prices of grok-4.20 are those below 200 000 tokens of prompt; above, they double."};
    return p;
}

}  // namespace ccr::adapt::presets
