#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset azure() {
    config::Preset p;
    p.name = "azure";
    p.title = "Azure OpenAI";
    p.sources = {"https://learn.microsoft.com/en-us/azure/ai-foundry/openai/api-version-lifecycle"};
    p.hosts = {"*.openai.azure.com", "*.services.ai.azure.com", "*.cognitiveservices.azure.com"};
    p.wires = {{Protocol::openai_chat, ""}};
    p.key_variable = "AZURE_OPENAI_API_KEY";
    p.traits.max_tokens_field = "max_completion_tokens";
    p.quirks = {
        "`azure` in the provider names deployment and API version; `model` is the deployment's "
        "name otherwise."};
    return p;
}

}  // namespace ccr::adapt::presets
