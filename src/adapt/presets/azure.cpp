#include <utility>

#include "adapt/presets/all.h"

namespace ccr::adapt::presets {
namespace {

std::vector<std::string> efforts(std::initializer_list<const char*> names) {
    return {names.begin(), names.end()};
}

// "Foundry Models sold by Azure", GPT-5 to GPT-5.3: gpt-5-chat is no reasoning model and takes the
// parameters of sampling. 5.2 and 5.3 are not listed as such either, yet refuse a temperature
// (github.com/Aider-AI/aider/issues/4707).
void add_chat_models(config::Preset& p) {
    for (const char* name : {"gpt-5-chat*", "gpt-5.1-chat*", "gpt-5.2-chat*", "gpt-5.3-chat*"}) {
        model(p, name).context_window = 128'000;
        model(p, name).max_output = 16'384;
    }
    for (const char* name : {"gpt-5-chat*", "gpt-5.2-chat*", "gpt-5.3-chat*"})
        model(p, name).thinking = config::ThinkingStyle::none;
}

void remove_sampling(config::Preset& p) {
    const auto remove = [&p](const json::PatchCondition& when) {
        for (const char* field :
             {"/temperature", "/top_p", "/presence_penalty", "/frequency_penalty", "/logprobs",
              "/top_logprobs", "/logit_bias"}) {
            json::WirePatch patch = json::remove_value(field);
            patch.when = when;
            p.chat_patches.push_back(std::move(patch));
        }
    };
    using enum json::PatchCondition::Kind;
    remove({"/model", R"("gpt-5")", equals});
    // No prefix of gpt-5-chat.
    for (const char* name : {"gpt-5-2", "gpt-5-mini", "gpt-5-nano", "gpt-5-codex", "gpt-5-pro",
                             "gpt-5.", "o1", "o3", "o4"})
        remove({"/model", name, starts_with});
}

// "Azure OpenAI reasoning models": API & feature support; Not Supported.
void add_reasoning_models(config::Preset& p) {
    p.traits.thinking = config::ThinkingStyle::effort;
    for (const char* name : {"gpt-4*", "gpt-3.5*"})
        model(p, name).thinking = config::ThinkingStyle::none;
    model(p, "gpt-5*").efforts = efforts({"minimal", "low", "medium", "high"});
    model(p, "gpt-5*").context_window = 400'000;
    model(p, "gpt-5*").max_output = 128'000;
    model(p, "gpt-5*").vision = true;
    model(p, "gpt-5-codex*").efforts = efforts({"low", "medium", "high"});
    model(p, "gpt-5-pro*").efforts = efforts({"high"});
    model(p, "gpt-5.1*").efforts = efforts({"none", "low", "medium", "high"});
    model(p, "gpt-5.1-codex-max*").efforts = efforts({"none", "low", "medium", "high", "xhigh"});
    model(p, "gpt-5.2*").efforts = efforts({"none", "low", "medium", "high"});
    for (const char* name : {"gpt-5.4", "gpt-5.4-pro*"}) model(p, name).context_window = 1'050'000;
    add_chat_models(p);
    for (const char* name : {"o1*", "o3*", "o4*"}) {
        model(p, name).efforts = efforts({"low", "medium", "high"});
        model(p, name).context_window = 200'000;
        model(p, name).max_output = 100'000;
    }
    model(p, "o3-mini*").vision = false;
    remove_sampling(p);
}

}  // namespace

config::Preset azure() {
    config::Preset p;
    p.name = "azure";
    p.title = "Azure OpenAI";
    p.sources = {"https://learn.microsoft.com/en-us/azure/ai-foundry/openai/api-version-lifecycle",
                 "https://learn.microsoft.com/en-us/azure/foundry/openai/how-to/reasoning",
                 "https://learn.microsoft.com/en-us/azure/foundry/foundry-models/concepts/"
                 "models-sold-directly-by-azure"};
    p.read_on = "2026-11-27";
    p.hosts = {"*.openai.azure.com", "*.services.ai.azure.com", "*.cognitiveservices.azure.com"};
    p.wires = {{Protocol::openai_chat, ""}, {Protocol::openai_responses, ""}};
    p.key_variable = "AZURE_OPENAI_API_KEY";
    p.traits.max_tokens_field = "max_completion_tokens";
    add_reasoning_models(p);
    p.quirks = {
        "`azure` in the provider names deployment and API version; `model` is the deployment's "
        "name otherwise.",
        "What is said of a model here holds where the deployment has the model's own name.",
        "Codex and pro models answer Responses only."};
    return p;
}

}  // namespace ccr::adapt::presets
