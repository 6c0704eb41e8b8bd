#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset dashscope() {
    config::Preset p;
    p.name = "dashscope";
    p.title = "Alibaba DashScope (Qwen)";
    p.sources = {"https://www.alibabacloud.com/help/en/model-studio/user-guide/qwq",
                 "https://www.alibabacloud.com/help/en/model-studio/glm",
                 "https://www.alibabacloud.com/help/en/model-studio/context-cache",
                 "https://www.alibabacloud.com/help/en/model-studio/explicit-cache-qwen4",
                 "https://www.alibabacloud.com/help/en/model-studio/explicit-cache-guide",
                 "https://www.alibabacloud.com/help/en/model-studio/anthropic-api-messages",
                 "https://www.alibabacloud.com/help/en/model-studio/web-search"};
    p.read_on = "2026-11-26";
    p.hosts = {"dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com", "dashscope-us.aliyuncs.com",
               "*.maas.aliyuncs.com"};
    p.wires = {{Protocol::openai_chat,
                "https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions"},
               {Protocol::anthropic, "https://dashscope.aliyuncs.com/apps/anthropic/v1/messages"}};
    p.key_variable = "DASHSCOPE_API_KEY";
    p.traits.thinking = config::ThinkingStyle::enable_thinking;
    model(p, "glm-4.*").context_window = 202'752;
    model(p, "glm-4.*").max_output = 16'384;
    model(p, "qwen4*").cache_marks = true;
    model(p, "qwen3.7*").cache_marks = true;
    json::WirePatch choice = json::set_value("/tool_choice", R"("auto")");
    choice.where = json::PatchCondition{"", R"("required")"};
    p.chat_patches.push_back(choice);
    for (const char* name : {"qwen3-max", "qwen3.5-plus"}) {
        json::WirePatch search = json::set_default("/enable_search", "true");
        search.when = json::PatchCondition{"/model", name, json::PatchCondition::Kind::starts_with};
        p.web_search.push_back(search);
    }
    p.quirks = {
        "`tool_choice` `required` is sent as `auto`.",
        "The explicit cache is for some models only: say `traits.cache_marks` for others. Its "
        "marks stand within `messages`.",
        "Chat answers do not tell the sources of a search."};
    return p;
}

}  // namespace ccr::adapt::presets
