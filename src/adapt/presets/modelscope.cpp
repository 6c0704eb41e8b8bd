#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset modelscope() {
    config::Preset p;
    p.name = "modelscope";
    p.title = "ModelScope";
    p.sources = {"https://modelscope.cn/docs/model-service/API-Inference/intro"};
    p.read_on = "2026-11-27";
    p.hosts = {"api-inference.modelscope.cn"};
    p.wires = {{Protocol::openai_chat, "https://api-inference.modelscope.cn/v1/chat/completions"},
               {Protocol::anthropic, "https://api-inference.modelscope.cn/v1/messages"}};
    p.key_variable = "MODELSCOPE_API_KEY";
    p.traits.thinking = config::ThinkingStyle::enable_thinking;
    p.quirks = {"The Messages endpoint is called a beta.",
                "Its document leaves to each model's page how that model is told to think; "
                "`enable_thinking` is what the Qwen models know.",
                "Many models need `enhancetool` or `tooluse`; none is on by itself."};
    return p;
}

}  // namespace ccr::adapt::presets
