#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset moonshot() {
    config::Preset p;
    p.name = "moonshot";
    p.title = "Moonshot Kimi";
    p.sources = {"https://java.agentscope.io/v2/en/integration/model/kimi",
                 "https://www.promptfoo.dev/docs/providers/moonshot/",
                 "https://docs.openclaw.ai/providers/moonshot",
                 "https://platform.moonshot.ai/docs/guide/use-kimi-vision-model"};
    p.read_on = "2026-11-26";
    p.hosts = {"api.moonshot.ai", "api.moonshot.cn"};
    p.wires = {{Protocol::openai_chat, "https://api.moonshot.ai/v1/chat/completions"},
               {Protocol::anthropic, "https://api.moonshot.ai/anthropic/v1/messages"}};
    p.key_variable = "MOONSHOT_API_KEY";
    p.traits.media_urls = false;
    p.traits.thinking = config::ThinkingStyle::thinking_object;
    p.traits.reasoning_field = "reasoning_content";
    p.traits.max_tokens_field = "max_completion_tokens";
    model(p, "kimi-k3*").thinking = config::ThinkingStyle::effort;
    model(p, "kimi-k3*").efforts = std::vector<std::string>{"low", "high", "max"};
    model(p, "kimi-k2.7-code*").thinking = config::ThinkingStyle::none;
    model(p, "kimi-k2.7-code*").context_window = 262'144;
    model(p, "kimi-k2.7-code*").max_output = 262'144;
    model(p, "kimi-k2.7-code*").vision = true;
    model(p, "kimi-k2.6").context_window = 262'144;
    model(p, "kimi-k2.6").max_output = 262'144;
    model(p, "kimi-k2.6").vision = true;
    model(p, "kimi-k2.5").context_window = 262'144;
    model(p, "kimi-k2.5").max_output = 262'144;
    model(p, "kimi-k2.5").vision = true;
    p.chat_patches.push_back(json::remove_value("/tools/*/function/strict"));
    for (const char* fixed :
         {"/temperature", "/top_p", "/presence_penalty", "/frequency_penalty"}) {
        json::WirePatch patch = json::remove_value(fixed);
        patch.when =
            json::PatchCondition{"/model", "kimi-", json::PatchCondition::Kind::starts_with};
        p.chat_patches.push_back(patch);
    }
    p.quirks = {"The platform fixes the sampling of `kimi-*` models; those fields are left out.",
                "With thinking, earlier tool calls need their `reasoning_content`."};
    return p;
}

}  // namespace ccr::adapt::presets
