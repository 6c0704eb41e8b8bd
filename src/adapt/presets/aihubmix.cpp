#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset aihubmix() {
    config::Preset p;
    p.name = "aihubmix";
    p.title = "AIHubMix";
    p.sources = {"https://docs.aihubmix.com/en"};
    p.hosts = {"aihubmix.com"};
    p.wires = {{Protocol::openai_chat, "https://aihubmix.com/v1/chat/completions"},
               {Protocol::anthropic, "https://aihubmix.com/v1/messages"}};
    p.key_variable = "AIHUBMIX_API_KEY";
    p.quirks = {
        "A gateway to many providers: what a model accepts depends on where it comes from."};
    return p;
}

}  // namespace ccr::adapt::presets
