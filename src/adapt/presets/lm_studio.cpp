#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset lm_studio() {
    config::Preset p;
    p.name = "lm-studio";
    p.title = "LM Studio";
    p.sources = {"https://lmstudio.ai/docs/api/openai-api",
                 "https://lmstudio.ai/docs/developer/anthropic-compat"};
    p.read_on = "2026-11-26";
    p.hosts = {"localhost:1234", "127.0.0.1:1234"};
    p.wires = {{Protocol::openai_chat, "http://localhost:1234/v1/chat/completions"},
               {Protocol::anthropic, "http://localhost:1234/v1/messages"},
               {Protocol::openai_responses, "http://localhost:1234/v1/responses"}};
    p.keyless = true;
    p.quirks = {"A key is needed only where the server asks for one."};
    return p;
}

}  // namespace ccr::adapt::presets
