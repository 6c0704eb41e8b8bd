#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset stepfun() {
    config::Preset p;
    p.name = "stepfun";
    p.title = "StepFun";
    p.sources = {"https://platform.stepfun.com/docs/zh/api-reference/chat/chat-completion-create",
                 "https://platform.stepfun.com/docs/zh/api-reference/chat/messages-create",
                 "https://platform.stepfun.com/docs/zh/guides/developer/reasoning",
                 "https://platform.stepfun.com/docs/zh/api-reference/tool-call",
                 "https://platform.stepfun.com/docs/zh/guides/developer/web-search",
                 "https://platform.stepfun.com/docs/zh/api-reference/token-count"};
    p.read_on = "2026-11-27";
    p.hosts = {"api.stepfun.com", "api.stepfun.ai"};
    p.wires = {{Protocol::openai_chat, "https://api.stepfun.com/v1/chat/completions"},
               {Protocol::anthropic, "https://api.stepfun.com/v1/messages"},
               {Protocol::openai_responses, "https://api.stepfun.com/v1/responses"}};
    p.key_variable = "STEPFUN_API_KEY";
    p.counts_tokens = true;
    p.traits.thinking = config::ThinkingStyle::none;
    p.traits.max_tokens_field = "max_tokens";
    model(p, "step-3.7*").thinking = config::ThinkingStyle::effort;
    model(p, "step-3.7*").efforts = std::vector<std::string>{"low", "medium", "high"};
    model(p, "step-3.7*").vision = true;
    model(p, "step-3.7*").context_window = 256'000;
    model(p, "step-3.5-flash*").context_window = 256'000;
    model(p, "step-3.5-flash*").vision = false;
    model(p, "step-3.5-flash-2603").thinking = config::ThinkingStyle::effort;
    model(p, "step-3.5-flash-2603").efforts = std::vector<std::string>{"low", "high"};
    model(p, "step-router-v1").vision = false;
    model(p, "step-router-v1").max_output = 384'000;
    p.web_search.push_back(json::set_value(
        "/tools/-",
        R"({"type":"web_search","function":{"description":"Searches the web for what is new or unknown."}})"));
    // Messages: "fields that are not listed here: do not send them".
    p.messages.system_turns = false;
    p.messages.tool_reference = false;
    p.quirks = {
        "Reasoning comes as `reasoning`; with `reasoning_format` `deepseek-style` as "
        "`reasoning_content`.",
        "Its Step Plan answers under `https://api.stepfun.com/step_plan/v1`; `step-router-v1` "
        "belongs to it alone.",
        "A JSON schema for the answer is for step-3.5-flash only."};
    return p;
}

}  // namespace ccr::adapt::presets
