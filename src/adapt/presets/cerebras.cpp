#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset cerebras() {
    config::Preset p;
    p.name = "cerebras";
    p.title = "Cerebras";
    p.sources = {"https://inference-docs.cerebras.ai/api-reference/chat-completions",
                 "https://inference-docs.cerebras.ai/capabilities/reasoning"};
    p.read_on = "2026-11-26";
    p.hosts = {"api.cerebras.ai"};
    p.wires = {{Protocol::openai_chat, "https://api.cerebras.ai/v1/chat/completions"}};
    p.key_variable = "CEREBRAS_API_KEY";
    p.traits.thinking = config::ThinkingStyle::none;
    p.traits.max_tokens_field = "max_completion_tokens";
    p.traits.vision = false;
    model(p, "gpt-oss-*").thinking = config::ThinkingStyle::effort;
    model(p, "gpt-oss-*").efforts = std::vector<std::string>{"low", "medium", "high"};
    model(p, "zai-glm-*").thinking = config::ThinkingStyle::effort;
    model(p, "zai-glm-*").efforts = std::vector<std::string>{"none"};
    p.refused = {"frequency_penalty", "logit_bias", "presence_penalty", "parallel_tool_calls",
                 "service_tier"};
    p.quirks = {"The GLM models think unless `reasoning_effort` is `none`."};
    return p;
}

}  // namespace ccr::adapt::presets
