#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset vllm() {
    config::Preset p;
    p.name = "vllm";
    p.title = "vLLM";
    p.sources = {"https://docs.vllm.ai/en/stable/features/reasoning_outputs/",
                 "https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/openai/"
                 "chat_completion/protocol.py",
                 "https://github.com/vllm-project/vllm/blob/main/vllm/entrypoints/anthropic/"
                 "api_router.py"};
    p.read_on = "2026-11-27";
    p.wires = {{Protocol::openai_chat, "http://localhost:8000/v1/chat/completions"},
               {Protocol::anthropic, "http://localhost:8000/v1/messages"}};
    p.counts_tokens = true;
    p.keyless = true;
    p.quirks = {
        "Recognised by `preset` only: port 8000 says nothing. Tools need "
        "`--enable-auto-tool-choice` and a `--tool-call-parser`.",
        "Thinking comes as `reasoning`, of older versions as `reasoning_content`, and needs a "
        "`--reasoning-parser`.",
        "Qwen3 is told not to think by `chat_template_kwargs.enable_thinking`: see `patch` above."};
    return p;
}

}  // namespace ccr::adapt::presets
