#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset gemini() {
    config::Preset p;
    p.name = "gemini";
    p.title = "Google Gemini";
    p.sources = {"https://ai.google.dev/gemini-api/docs/openai",
                 "https://ai.google.dev/api/generate-content",
                 "https://ai.google.dev/gemini-api/docs/models/gemini-3.5-flash",
                 "https://ai.google.dev/gemini-api/docs/models/gemini-2.0-flash",
                 "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/gemini/"
                 "2-5-pro"};
    p.hosts = {"generativelanguage.googleapis.com"};
    p.wires = {{Protocol::gemini, "https://generativelanguage.googleapis.com/v1beta/models/"},
               {Protocol::openai_chat,
                "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"}};
    p.counts_tokens = true;
    p.key_variable = "GEMINI_API_KEY";
    p.traits.thinking = config::ThinkingStyle::effort;
    p.traits.vision = true;
    model(p, "gemini-3.5-flash").context_window = 1'048'576;
    model(p, "gemini-3.5-flash").max_output = 65'536;
    model(p, "gemini-2.5-pro").context_window = 1'048'576;
    model(p, "gemini-2.5-pro").max_output = 65'535;
    model(p, "gemini-2.0-flash*").context_window = 1'048'576;
    model(p, "gemini-2.0-flash*").max_output = 8'192;
    p.quirks = {"The chat endpoint maps `reasoning_effort` onto a thinking level or budget."};
    return p;
}

}  // namespace ccr::adapt::presets
