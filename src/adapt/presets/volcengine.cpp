#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset volcengine() {
    config::Preset p;
    p.name = "volcengine";
    p.title = "Volcengine Ark";
    p.sources = {"https://www.volcengine.com/docs/82379/1494384",
                 "https://github.com/volcengine/ark-runtime-python/blob/main/src/arkruntime/types/"
                 "chat/chat_completion_request_param.py",
                 "https://developer.volcengine.com/articles/7615528054736945158"};
    p.read_on = "2026-11-27";
    p.hosts = {"ark.cn-beijing.volces.com", "ark.ap-southeast.bytepluses.com"};
    p.wires = {{Protocol::openai_chat, "https://ark.cn-beijing.volces.com/api/v3/chat/completions"},
               {Protocol::anthropic, "https://ark.cn-beijing.volces.com/api/coding/v1/messages"},
               {Protocol::openai_responses, "https://ark.cn-beijing.volces.com/api/v3/responses"}};
    p.key_variable = "ARK_API_KEY";
    p.traits.thinking = config::ThinkingStyle::thinking_object;
    p.accepted = {"messages",
                  "model",
                  "frequency_penalty",
                  "presence_penalty",
                  "logit_bias",
                  "repetition_penalty",
                  "logprobs",
                  "top_logprobs",
                  "max_tokens",
                  "max_completion_tokens",
                  "n",
                  "response_format",
                  "stop",
                  "stream",
                  "stream_options",
                  "temperature",
                  "top_p",
                  "tool_choice",
                  "tools",
                  "parallel_tool_calls",
                  "user",
                  "service_tier",
                  "reasoning_effort",
                  "thinking"};
    p.quirks = {
        "The Messages endpoint belongs to the coding plan, and so does "
        "`https://ark.cn-beijing.volces.com/api/coding/v3` for Chat: `api/v3` costs extra.",
        "`reasoning_effort` is known beside `thinking`; say `traits.efforts` for models that have "
        "it.",
        "A model is named by its id or by an endpoint's, `ep-...`."};
    return p;
}

}  // namespace ccr::adapt::presets
