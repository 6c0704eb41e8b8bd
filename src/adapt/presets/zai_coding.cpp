#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset zai_coding() {
    config::Preset p;
    p.name = "zai-coding";
    p.title = "Z.ai GLM coding plan";
    p.sources = {"https://docs.z.ai/api-reference/llm/chat-completion",
                 "https://docs.z.ai/guides/overview/pricing"};
    p.read_on = "2026-11-27";
    p.hosts = {"api.z.ai/api/coding/", "open.bigmodel.cn/api/coding/"};
    p.wires = {{Protocol::openai_chat, "https://api.z.ai/api/coding/paas/v4/chat/completions"},
               {Protocol::anthropic, "https://api.z.ai/api/anthropic/v1/messages"}};
    p.key_variable = "ZAI_API_KEY";
    speak_glm_chat(p);
    p.quirks.emplace_back("Flat fee: no price per token. The same model limits as Z.ai.");
    return p;
}

}  // namespace ccr::adapt::presets
