#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset deepseek() {
    config::Preset p;
    p.name = "deepseek";
    p.title = "DeepSeek";
    p.sources = {"https://api-docs.deepseek.com/guides/thinking_mode",
                 "https://api-docs.deepseek.com/guides/anthropic_api",
                 "https://api-docs.deepseek.com/quick_start/pricing"};
    p.read_on = "2026-11-26";
    p.hosts = {"api.deepseek.com"};
    p.wires = {{Protocol::openai_chat, "https://api.deepseek.com/chat/completions"},
               {Protocol::anthropic, "https://api.deepseek.com/anthropic/v1/messages"}};
    p.key_variable = "DEEPSEEK_API_KEY";
    p.traits.thinking = config::ThinkingStyle::thinking_object;
    p.traits.efforts = std::vector<std::string>{"low", "high", "max"};
    p.traits.reasoning_field = "reasoning_content";
    p.traits.context_window = 1'000'000;
    p.traits.max_output = 384'000;
    model(p, "deepseek-v4-pro*").vision = false;
    p.quirks = {
        "Thinks unless told not to; `reasoning_effort` is sent beside `thinking`.",
        "In thinking mode a request whose earlier tool calls come without their "
        "`reasoning_content` is refused.",
        "Prices are listed in yuan, by time of day.",
        "The Messages endpoint ignores `anthropic-beta` and `mcp_servers`.",
    };
    return p;
}

}  // namespace ccr::adapt::presets
