#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset github_models() {
    config::Preset p;
    p.name = "github-models";
    p.title = "GitHub Models";
    p.sources = {"https://docs.github.com/en/rest/models/inference"};
    p.hosts = {"models.github.ai", "models.inference.ai.azure.com"};
    p.wires = {{Protocol::openai_chat, "https://models.github.ai/inference/chat/completions"}};
    p.key_variable = "GITHUB_TOKEN";
    p.quirks = {
        "Names are `maker/model`; free use is limited by requests and by tokens of a request."};
    return p;
}

}  // namespace ccr::adapt::presets
