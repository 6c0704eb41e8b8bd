#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset stepfun() {
    config::Preset p;
    p.name = "stepfun";
    p.title = "StepFun";
    p.sources = {"https://platform.stepfun.com/docs/api-reference/chat/chat-completion-create"};
    p.hosts = {"api.stepfun.com", "api.stepfun.ai"};
    p.wires = {{Protocol::openai_chat, "https://api.stepfun.com/v1/chat/completions"}};
    p.key_variable = "STEPFUN_API_KEY";
    p.quirks = {
        "How its models are told to think is not known here; the effort is sent as "
        "`reasoning_effort`."};
    return p;
}

}  // namespace ccr::adapt::presets
