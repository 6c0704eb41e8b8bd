#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset ollama() {
    config::Preset p;
    p.name = "ollama";
    p.title = "Ollama";
    p.sources = {"https://docs.ollama.com/api/openai-compatibility",
                 "https://docs.ollama.com/api/anthropic-compatibility",
                 "https://github.com/ollama/ollama/blob/main/openai/openai.go"};
    p.read_on = "2026-11-26";
    p.hosts = {"localhost:11434", "127.0.0.1:11434", "ollama.com"};
    p.wires = {{Protocol::openai_chat, "http://localhost:11434/v1/chat/completions"},
               {Protocol::anthropic, "http://localhost:11434/v1/messages"}};
    p.keyless = true;
    p.key_variable = "OLLAMA_API_KEY";
    p.traits.media_urls = false;
    p.traits.thinking = config::ThinkingStyle::effort;
    p.accepted = {"model",
                  "messages",
                  "frequency_penalty",
                  "presence_penalty",
                  "response_format",
                  "seed",
                  "stop",
                  "stream",
                  "stream_options",
                  "temperature",
                  "top_p",
                  "max_tokens",
                  "tools",
                  "tool_choice",
                  "reasoning_effort",
                  "reasoning",
                  "logprobs",
                  "top_logprobs"};
    p.refused = {"parallel_tool_calls", "user"};
    p.quirks = {"A local server ignores the key; ollama.com takes it as a bearer token only."};
    return p;
}

}  // namespace ccr::adapt::presets
