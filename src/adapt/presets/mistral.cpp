#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset mistral() {
    config::Preset p;
    p.name = "mistral";
    p.title = "Mistral";
    p.sources = {"https://github.com/dnakov/anon-kode/issues/53",
                 "https://github.com/editor-code-assistant/eca/issues/231",
                 "https://github.com/charmbracelet/crush/issues/1590",
                 "https://docs.mistral.ai/inference/conversations/advanced/prompt-caching"};
    p.read_on = "2026-11-26";
    p.hosts = {"api.mistral.ai", "codestral.mistral.ai"};
    p.wires = {{Protocol::openai_chat, "https://api.mistral.ai/v1/chat/completions"}};
    p.key_variable = "MISTRAL_API_KEY";
    p.traits.thinking = config::ThinkingStyle::none;
    p.traits.max_tokens_field = "max_tokens";
    p.traits.reasoning_field = "";
    p.traits.cache_key = true;
    p.refused = {"stream_options", "user",         "logit_bias", "logprobs",
                 "top_logprobs",   "service_tier", "store"};
    p.chat_patches.push_back(json::remove_value("/messages/*/reasoning_content"));
    p.chat_patches.push_back(json::remove_value("/messages/*/reasoning_details"));
    p.quirks = {
        "Members it does not know end in a 422 (`extra_forbidden`); usage comes without "
        "`stream_options`."};
    return p;
}

}  // namespace ccr::adapt::presets
