#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset vllm() {
    config::Preset p;
    p.name = "vllm";
    p.title = "vLLM";
    p.sources = {"https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html"};
    p.wires = {{Protocol::openai_chat, "http://localhost:8000/v1/chat/completions"},
               {Protocol::anthropic, "http://localhost:8000/v1/messages"}};
    p.keyless = true;
    p.quirks = {
        "Recognised by `preset` only: port 8000 says nothing. Tools need "
        "`--enable-auto-tool-choice` and a `--tool-call-parser`."};
    return p;
}

}  // namespace ccr::adapt::presets
