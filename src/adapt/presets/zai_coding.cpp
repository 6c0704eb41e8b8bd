#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset zai_coding() {
    config::Preset p;
    p.name = "zai-coding";
    p.title = "Z.ai GLM coding plan";
    p.sources = {"https://java.agentscope.io/v2/en/integration/model/glm",
                 "https://docs.z.ai/guides/overview/pricing"};
    p.read_on = "2026-11-26";
    p.hosts = {"api.z.ai/api/coding/", "open.bigmodel.cn/api/coding/"};
    p.wires = {{Protocol::openai_chat, "https://api.z.ai/api/coding/paas/v4/chat/completions"},
               {Protocol::anthropic, "https://api.z.ai/api/anthropic/v1/messages"}};
    p.key_variable = "ZAI_API_KEY";
    p.traits.thinking = config::ThinkingStyle::thinking_object;
    p.traits.reasoning_field = "reasoning_content";
    p.traits.max_tokens_field = "max_tokens";
    p.traits.vision = false;
    p.refused = {"stream_options", "parallel_tool_calls", "frequency_penalty", "presence_penalty"};
    json::WirePatch choice = json::set_value("/tool_choice", R"("auto")");
    choice.when = json::PatchCondition{"/tool_choice", ""};
    p.chat_patches.push_back(choice);
    p.chat_patches.push_back(json::remove_value("/tools/*/function/strict"));
    p.quirks = {"Flat fee: no price per token. The same model limits as Z.ai."};
    return p;
}

}  // namespace ccr::adapt::presets
