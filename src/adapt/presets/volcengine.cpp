#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset volcengine() {
    config::Preset p;
    p.name = "volcengine";
    p.title = "Volcengine Ark";
    p.sources = {"https://www.volcengine.com/docs/82379/1494384"};
    p.hosts = {"ark.cn-beijing.volces.com"};
    p.wires = {{Protocol::openai_chat, "https://ark.cn-beijing.volces.com/api/v3/chat/completions"},
               {Protocol::anthropic, "https://ark.cn-beijing.volces.com/api/coding/v1/messages"}};
    p.key_variable = "ARK_API_KEY";
    p.traits.thinking = config::ThinkingStyle::thinking_object;
    p.quirks = {"The Messages endpoint belongs to the coding plan."};
    return p;
}

}  // namespace ccr::adapt::presets
