#include "wire/openai_chat/answer_parts.h"

#include <chrono>

#include "wire/seal.h"

namespace ccr::wire::openai_chat {

using chat::StopReason;
using json::Writer;

void write_head(Writer& w, std::string_view object, const AnswerHead& head) {
    if (head.id.empty())
        w.member("id", head.own_id);
    else
        w.member("id", head.id);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    w.member("object", object);
    w.member("created",
             std::int64_t{std::chrono::duration_cast<std::chrono::seconds>(now).count()});
    if (head.model.empty())
        w.member("model", head.own_model);
    else
        w.member("model", head.model);
}

std::string_view client_finish_reason(StopReason reason) {
    switch (reason) {
        case StopReason::max_tokens:
        case StopReason::context_exceeded:
            return "length";
        case StopReason::tool_use:
            return "tool_calls";
        case StopReason::refusal:
            return "content_filter";
        case StopReason::end_turn:
        case StopReason::stop_sequence:
        case StopReason::pause:
            break;
    }
    return "stop";
}

// prompt_tokens counts the whole prompt, cached or not (API reference, "usage").
void write_usage(Writer& w, const chat::Usage& usage, std::int64_t estimated_input) {
    const bool counted = usage.input || usage.cache_read || usage.cache_write;
    const std::int64_t input = counted ? usage.whole_input() : estimated_input;
    const std::int64_t output = usage.output.value_or(0);
    w.open_object().member("prompt_tokens", input).member("completion_tokens", output);
    w.member("total_tokens", input + output);
    w.key("prompt_tokens_details")
        .open_object()
        .member("cached_tokens", usage.cache_read.value_or(0));
    w.close_object();
    w.key("completion_tokens_details").open_object();
    w.member("reasoning_tokens", usage.reasoning.value_or(0)).close_object();
    w.close_object();
}

void write_citations(Writer& w, const chat::WebSearch& search) {
    for (const chat::SearchHit& hit : search.hits) {
        w.open_object().member("type", "url_citation").key("url_citation").open_object();
        w.member("start_index", std::int64_t{0}).member("end_index", std::int64_t{0});
        w.member("url", hit.url).member("title", hit.title).close_object().close_object();
    }
}

void write_sealed_detail(Writer& w, json::Text seal, bool redacted, const chat::Provenance& from,
                         json::Text text) {
    const bool anthropic = from.protocol == Protocol::anthropic;
    w.open_object().member("type", redacted ? "reasoning.encrypted" : "reasoning.text");
    if (redacted) {
        w.member("data", seal);
    } else {
        if (!text.empty()) w.member("text", text);
        if (anthropic)
            w.member("signature", seal);
        else
            w.member("signature", pack_seal(from, seal, {}));
    }
    w.member("format", anthropic ? "anthropic-claude-v1" : "unknown").close_object();
}

}  // namespace ccr::wire::openai_chat
