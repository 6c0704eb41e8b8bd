#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset siliconflow() {
    config::Preset p;
    p.name = "siliconflow";
    p.title = "SiliconFlow";
    p.sources = {"https://docs.siliconflow.cn/en/api-reference/chat-completions/chat-completions"};
    p.hosts = {"api.siliconflow.cn", "api.siliconflow.com"};
    p.wires = {{Protocol::openai_chat, "https://api.siliconflow.cn/v1/chat/completions"}};
    p.key_variable = "SILICONFLOW_API_KEY";
    p.traits.thinking = config::ThinkingStyle::enable_thinking;
    p.quirks = {
        "Models that cannot think refuse `enable_thinking`: set `traits.thinking` to `none` for "
        "them."};
    return p;
}

}  // namespace ccr::adapt::presets
