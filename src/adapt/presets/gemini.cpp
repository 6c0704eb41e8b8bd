#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset gemini() {
    config::Preset p;
    p.name = "gemini";
    p.title = "Google Gemini";
    p.sources = {"https://ai.google.dev/gemini-api/docs/openai",
                 "https://ai.google.dev/api/generate-content"};
    p.hosts = {"generativelanguage.googleapis.com"};
    p.wires = {{Protocol::gemini, "https://generativelanguage.googleapis.com/v1beta/models/"},
               {Protocol::openai_chat,
                "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions"}};
    p.counts_tokens = true;
    p.key_variable = "GEMINI_API_KEY";
    p.traits.thinking = config::ThinkingStyle::effort;
    p.traits.vision = true;
    p.quirks = {"The chat endpoint maps `reasoning_effort` onto a thinking level or budget."};
    return p;
}

}  // namespace ccr::adapt::presets
