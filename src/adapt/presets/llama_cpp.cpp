#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset llama_cpp() {
    config::Preset p;
    p.name = "llama.cpp";
    p.title = "llama.cpp server";
    p.sources = {"https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md"};
    p.read_on = "2026-11-27";
    p.wires = {{Protocol::openai_chat, "http://localhost:8080/v1/chat/completions"},
               {Protocol::anthropic, "http://localhost:8080/v1/messages"},
               {Protocol::openai_responses, "http://localhost:8080/v1/responses"}};
    p.counts_tokens = true;
    p.keyless = true;
    p.quirks = {
        "Recognised by `preset` only: port 8080 says nothing. Tools need the server option "
        "`--jinja`.",
        "Thinking comes as `reasoning_content`; some templates keep what is sent back."};
    return p;
}

}  // namespace ccr::adapt::presets
