#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset zhipu() {
    config::Preset p;
    p.name = "zhipu";
    p.title = "Zhipu GLM";
    p.sources = {
        "https://docs.bigmodel.cn/api-reference/%E6%A8%A1%E5%9E%8B-api/"
        "%E5%AF%B9%E8%AF%9D%E8%A1%A5%E5%85%A8",
        "https://docs.z.ai/api-reference/llm/chat-completion",
        "https://github.com/zai-org/z-ai-sdk-python/blob/main/examples/glm_example.py"};
    p.read_on = "2026-11-27";
    p.hosts = {"open.bigmodel.cn"};
    p.wires = {{Protocol::openai_chat, "https://open.bigmodel.cn/api/paas/v4/chat/completions"},
               {Protocol::anthropic, "https://open.bigmodel.cn/api/anthropic/v1/messages"}};
    p.key_variable = "ZHIPUAI_API_KEY";
    speak_glm_chat(p);
    search_with_glm(p, "search_pro");
    return p;
}

}  // namespace ccr::adapt::presets
