#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset mistral() {
    config::Preset p;
    p.name = "mistral";
    p.title = "Mistral";
    p.sources = {"https://docs.mistral.ai/openapi.yaml",
                 "https://docs.mistral.ai/capabilities/reasoning/",
                 "https://docs.mistral.ai/inference/conversations/advanced/prompt-caching"};
    p.read_on = "2026-11-27";
    p.hosts = {"api.mistral.ai", "codestral.mistral.ai"};
    p.wires = {{Protocol::openai_chat, "https://api.mistral.ai/v1/chat/completions"}};
    p.key_variable = "MISTRAL_API_KEY";
    p.traits.thinking = config::ThinkingStyle::none;
    p.traits.max_tokens_field = "max_tokens";
    p.traits.reasoning_field = "";
    p.traits.cache_key = true;
    for (const char* name : {"mistral-small-latest", "mistral-medium-3-5", "mistral-medium-3.5"}) {
        model(p, name).thinking = config::ThinkingStyle::effort;
        model(p, name).efforts = std::vector<std::string>{"none", "high"};
    }
    // ChatCompletionRequest has additionalProperties: false, and so have its messages.
    p.accepted = {"model",
                  "temperature",
                  "top_p",
                  "max_tokens",
                  "stream",
                  "stop",
                  "random_seed",
                  "metadata",
                  "messages",
                  "response_format",
                  "tools",
                  "tool_choice",
                  "presence_penalty",
                  "frequency_penalty",
                  "n",
                  "prediction",
                  "parallel_tool_calls",
                  "prompt_mode",
                  "reasoning_effort",
                  "guardrails",
                  "prompt_cache_key",
                  "safe_prompt"};
    p.refused = {"stream_options", "user",
                 "logit_bias",     "logprobs",
                 "top_logprobs",   "service_tier",
                 "store",          "verbosity",
                 "modalities",     "safety_identifier",
                 "audio",          "web_search_options",
                 "functions",      "function_call"};
    p.chat_patches.push_back(json::rename_member("/seed", "random_seed"));
    p.chat_patches.push_back(json::clamp_most("/temperature", 1.5));
    p.chat_patches.push_back(json::remove_value("/messages/*/reasoning_content"));
    p.chat_patches.push_back(json::remove_value("/messages/*/reasoning_details"));
    p.quirks = {
        "Members it does not know end in a 422 (`extra_forbidden`); usage comes without "
        "`stream_options`.",
        "Thinking comes as parts of `content`; `reasoning_effort` is `high` or `none`, and for the "
        "adjustable models only."};
    return p;
}

}  // namespace ccr::adapt::presets
