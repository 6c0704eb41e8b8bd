#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset zai() {
    config::Preset p;
    p.name = "zai";
    p.title = "Z.ai";
    p.sources = {"https://docs.z.ai/guides/overview/pricing",
                 "https://java.agentscope.io/v2/en/integration/model/glm"};
    p.read_on = "2026-11-26";
    p.hosts = {"api.z.ai"};
    p.wires = {{Protocol::openai_chat, "https://api.z.ai/api/paas/v4/chat/completions"},
               {Protocol::anthropic, "https://api.z.ai/api/anthropic/v1/messages"}};
    p.key_variable = "ZAI_API_KEY";
    p.traits.thinking = config::ThinkingStyle::thinking_object;
    p.traits.reasoning_field = "reasoning_content";
    p.traits.max_tokens_field = "max_tokens";
    p.traits.vision = false;
    model(p, "glm-5*").context_window = 200'000;
    model(p, "glm-5*").max_output = 128'000;
    model(p, "glm-5").prices = config::Prices{1.0, 3.2, 0.2, std::nullopt, "2026-11-26"};
    model(p, "glm-5-turbo").prices = config::Prices{1.2, 4.0, 0.24, std::nullopt, "2026-11-26"};
    model(p, "glm-5-code").prices = config::Prices{1.2, 5.0, 0.3, std::nullopt, "2026-11-26"};
    model(p, "glm-4.7").prices = config::Prices{0.6, 2.2, 0.11, std::nullopt, "2026-11-26"};
    model(p, "glm-4.6").context_window = 204'800;
    model(p, "glm-4.6").prices = config::Prices{0.6, 2.2, 0.11, std::nullopt, "2026-11-26"};
    model(p, "glm-4.5").context_window = 131'072;
    model(p, "glm-4.5").max_output = 96'000;
    model(p, "glm-4.5").prices = config::Prices{0.6, 2.2, 0.11, std::nullopt, "2026-11-26"};
    model(p, "glm-4.5-air").context_window = 131'072;
    model(p, "glm-4.5-air").prices = config::Prices{0.2, 1.1, 0.03, std::nullopt, "2026-11-26"};
    model(p, "glm-4.5v*").vision = true;
    model(p, "glm-4.6v*").vision = true;
    model(p, "glm-5v*").vision = true;
    p.refused = {"stream_options", "parallel_tool_calls", "frequency_penalty", "presence_penalty"};
    json::WirePatch choice = json::set_value("/tool_choice", R"("auto")");
    choice.when = json::PatchCondition{"/tool_choice", ""};
    p.chat_patches.push_back(choice);
    p.chat_patches.push_back(json::remove_value("/tools/*/function/strict"));
    p.quirks = {
        "`tool_choice` is `auto` only; a tool has no `strict`; usage comes without "
        "`stream_options`."};
    return p;
}

}  // namespace ccr::adapt::presets
