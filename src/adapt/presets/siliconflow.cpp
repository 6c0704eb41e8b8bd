#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset siliconflow() {
    config::Preset p;
    p.name = "siliconflow";
    p.title = "SiliconFlow";
    p.sources = {"https://docs.siliconflow.cn/cn/api-reference/openapi.yaml"};
    p.read_on = "2026-11-27";
    p.hosts = {"api.siliconflow.cn", "api.siliconflow.com"};
    p.wires = {{Protocol::openai_chat, "https://api.siliconflow.cn/v1/chat/completions"},
               {Protocol::anthropic, "https://api.siliconflow.cn/v1/messages"}};
    p.key_variable = "SILICONFLOW_API_KEY";
    p.traits.thinking = config::ThinkingStyle::none;
    p.traits.max_tokens_field = "max_tokens";
    for (const char* name :
         {"Pro/zai-org/GLM-5", "Pro/zai-org/GLM-4.7", "zai-org/GLM-4.6", "zai-org/GLM-4.5V",
          "deepseek-ai/DeepSeek-V3.2", "Pro/deepseek-ai/DeepSeek-V3.2",
          "deepseek-ai/DeepSeek-V3.1-Terminus", "Pro/deepseek-ai/DeepSeek-V3.1-Terminus",
          "Qwen/Qwen3-8B", "Qwen/Qwen3-14B", "Qwen/Qwen3-32B", "Qwen/Qwen3-30B-A3B",
          "Qwen/Qwen3.5-*", "tencent/Hunyuan-A13B-Instruct"})
        model(p, name).thinking = config::ThinkingStyle::enable_thinking;
    model(p, "deepseek-ai/DeepSeek-V4-Flash").thinking = config::ThinkingStyle::effort;
    model(p, "deepseek-ai/DeepSeek-V4-Flash").efforts = std::vector<std::string>{"high", "max"};
    json::WirePatch budget = json::clamp_most("/thinking_budget", 32'768);
    budget.least = 128;
    p.chat_patches.push_back(budget);
    p.quirks = {
        "`enable_thinking` is for the models listed here; for others say `traits.thinking`.",
        "At most 128 tools. Documents no `tool_choice` for Chat; its Messages endpoint has it."};
    return p;
}

}  // namespace ccr::adapt::presets
