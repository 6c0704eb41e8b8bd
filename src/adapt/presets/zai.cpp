#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset zai() {
    config::Preset p;
    p.name = "zai";
    p.title = "Z.ai";
    p.sources = {"https://docs.z.ai/api-reference/llm/chat-completion",
                 "https://docs.z.ai/guides/tools/stream-tool",
                 "https://docs.z.ai/guides/overview/pricing"};
    p.read_on = "2026-11-27";
    p.hosts = {"api.z.ai"};
    p.wires = {{Protocol::openai_chat, "https://api.z.ai/api/paas/v4/chat/completions"},
               {Protocol::anthropic, "https://api.z.ai/api/anthropic/v1/messages"}};
    p.key_variable = "ZAI_API_KEY";
    speak_glm_chat(p);
    search_with_glm(p, "search_pro_jina");
    model(p, "glm-5").prices = config::Prices{1.0, 3.2, 0.2, std::nullopt, "2026-11-26"};
    model(p, "glm-5-turbo").prices = config::Prices{1.2, 4.0, 0.24, std::nullopt, "2026-11-26"};
    model(p, "glm-5-code").prices = config::Prices{1.2, 5.0, 0.3, std::nullopt, "2026-11-26"};
    model(p, "glm-4.7").prices = config::Prices{0.6, 2.2, 0.11, std::nullopt, "2026-11-26"};
    model(p, "glm-4.6").prices = config::Prices{0.6, 2.2, 0.11, std::nullopt, "2026-11-26"};
    model(p, "glm-4.5").prices = config::Prices{0.6, 2.2, 0.11, std::nullopt, "2026-11-26"};
    model(p, "glm-4.5-air").prices = config::Prices{0.2, 1.1, 0.03, std::nullopt, "2026-11-26"};
    return p;
}

}  // namespace ccr::adapt::presets
