#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset github_models() {
    config::Preset p;
    p.name = "github-models";
    p.title = "GitHub Models";
    p.sources = {"https://docs.github.com/en/rest/models/inference"};
    p.read_on = "2026-11-27";
    p.hosts = {"models.github.ai", "models.inference.ai.azure.com"};
    p.wires = {{Protocol::openai_chat, "https://models.github.ai/inference/chat/completions"}};
    p.key_variable = "GITHUB_TOKEN";
    p.traits.thinking = config::ThinkingStyle::none;
    p.accepted = {"model",       "messages",
                  "max_tokens",  "frequency_penalty",
                  "modalities",  "presence_penalty",
                  "stream",      "response_format",
                  "stop",        "stream_options",
                  "seed",        "temperature",
                  "tool_choice", "tools",
                  "top_p",       "max_completion_tokens"};
    p.refused = {"parallel_tool_calls", "user", "logit_bias", "store", "metadata", "service_tier"};
    p.chat_patches.push_back(json::clamp_most("/temperature", 1));
    // A function cannot be named: "auto", "required" and "none" are all there is.
    json::WirePatch named = json::set_value("/tool_choice", R"("required")");
    named.where = json::PatchCondition{"/type", R"("function")"};
    p.chat_patches.push_back(named);
    p.chat_patches.push_back(json::remove_value("/tools/*/function/strict"));
    p.quirks = {
        "Names are `maker/model`; free use is limited by requests and by tokens of a request.",
        "A choice of one function is sent as `required`. The effort is not among its documented "
        "members: `traits.thinking` sends it."};
    return p;
}

}  // namespace ccr::adapt::presets
