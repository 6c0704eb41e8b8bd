#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset aihubmix() {
    config::Preset p;
    p.name = "aihubmix";
    p.title = "AIHubMix";
    p.sources = {"https://docs.aihubmix.com/en/api/unified-inference",
                 "https://docs.aihubmix.com/en/practices/prompt-caching",
                 "https://docs.aihubmix.com/en/api/Claude-Native"};
    p.read_on = "2026-11-27";
    p.hosts = {"aihubmix.com"};
    p.wires = {{Protocol::openai_chat, "https://aihubmix.com/v1/chat/completions"},
               {Protocol::anthropic, "https://aihubmix.com/v1/messages"}};
    p.key_variable = "AIHUBMIX_API_KEY";
    p.traits.thinking = config::ThinkingStyle::effort;
    p.traits.efforts =
        std::vector<std::string>{"none", "minimal", "low", "medium", "high", "xhigh"};
    model(p, "claude-*").cache_marks = true;
    p.quirks = {
        "A gateway to many providers: what a model accepts depends on where it comes from.",
        "Thinking comes as `reasoning_content` and `reasoning_details`; the latter are sent back "
        "whole.",
        "Cache marks stand on texts and on tools."};
    return p;
}

}  // namespace ccr::adapt::presets
