// Shapes: API reference, "The response object".
#include "wire/openai_responses/answer_items.h"

#include <fmt/format.h>

#include <chrono>

#include "wire/answer_id.h"
#include "wire/openai_responses/names.h"
#include "wire/seal.h"

namespace ccr::wire::openai_responses {

using chat::StopReason;
using json::Text;
using json::Writer;

namespace {

constexpr std::string_view kResponsePrefix = "resp_";

std::string escaped(std::string_view plain) {
    std::string out;
    json::escape_to(out, plain);
    return out;
}

void write_usage(Writer& w, const chat::Usage& usage, std::int64_t estimated_input) {
    const bool counted = usage.input || usage.cache_read || usage.cache_write;
    const std::int64_t input = counted ? usage.whole_input() : estimated_input;
    const std::int64_t output = usage.output.value_or(0);
    w.open_object().member("input_tokens", input).key("input_tokens_details").open_object();
    w.member("cached_tokens", usage.cache_read.value_or(0)).close_object();
    w.member("output_tokens", output).key("output_tokens_details").open_object();
    w.member("reasoning_tokens", usage.reasoning.value_or(0)).close_object();
    w.member("total_tokens", input + output).close_object();
}

void write_error(Writer& w, const Error* error) {
    w.key("error");
    if (!error) {
        w.null();
        return;
    }
    w.open_object().member("code", code_of(error->kind));
    w.member("message", std::string_view(error->message)).close_object();
}

}  // namespace

std::string_view code_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::rate_limit:
            return "rate_limit_exceeded";
        case ErrorKind::billing:
            return "insufficient_quota";
        case ErrorKind::context_overflow:
            return "context_length_exceeded";
        case ErrorKind::overloaded:
            return "server_is_overloaded";
        case ErrorKind::invalid_request:
            return "invalid_prompt";
        default:
            return "server_error";
    }
}

ResponseHead::ResponseHead(Text upstream_id, Text upstream_model, const AnswerContext& context)
    : id(upstream_id.empty() ? escaped(answer_id(kResponsePrefix, context.request_id))
                             : upstream_id.escaped()),
      model(upstream_model.empty() ? escaped(context.model) : upstream_model.escaped()) {
    if (!id.starts_with(kResponsePrefix)) id.insert(0, kResponsePrefix);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    created = std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string ResponseHead::item_id(std::string_view prefix, std::size_t number) const {
    return fmt::format("{}{}_{}", prefix, id.substr(kResponsePrefix.size()), number);
}

void write_response(Writer& w, const ResponseHead& head, const ResponseState& state) {
    w.open_object().member("id", Text::from_escaped(head.id)).member("object", "response");
    w.member("created_at", head.created).member("status", state.status);
    w.key("background").boolean(false);
    write_error(w, state.error);
    w.key("incomplete_details");
    if (state.incomplete.empty())
        w.null();
    else
        w.open_object().member("reason", state.incomplete).close_object();
    w.key("instructions").null().key("max_output_tokens").null();
    w.member("model", Text::from_escaped(head.model)).key("output").open_array();
    if (!state.output.empty()) w.raw(state.output);
    w.close_array().key("parallel_tool_calls").boolean(true);
    w.key("previous_response_id").null().key("store").boolean(false);
    w.member_raw("tool_choice", R"("auto")").member_raw("tools", "[]");
    w.member_raw("metadata", "{}").key("temperature").null().key("top_p").null().key("usage");
    if (state.usage)
        write_usage(w, *state.usage, state.estimated_input);
    else
        w.null();
    w.close_object();
}

Ending ending_of(StopReason reason) {
    switch (reason) {
        case StopReason::max_tokens:
        case StopReason::context_exceeded:
            return {"incomplete", "max_output_tokens"};
        case StopReason::refusal:
            return {"incomplete", "content_filter"};
        case StopReason::end_turn:
        case StopReason::tool_use:
        case StopReason::stop_sequence:
        case StopReason::pause:
            break;
    }
    return {"completed", {}};
}

CallItem call_item(const ResponseHead& head, std::size_t number, Text call_id, Text flat,
                   const ToolShapes& shapes) {
    CallItem out;
    out.name = flat.escaped();
    if (const CallShape* shape = shapes.find(flat)) {
        out.kind = shape->kind;
        out.name = escaped(shape->name);
        out.space = escaped(shape->space);
    }
    const std::string_view prefix = out.kind == CallKind::custom        ? "ctc_"
                                    : out.kind == CallKind::tool_search ? "tsc_"
                                                                        : "fc_";
    out.id = head.item_id(prefix, number);
    out.call_id = call_id.empty() ? head.item_id("call_", number) : std::string(call_id.escaped());
    return out;
}

void write_call(Writer& w, const CallItem& call, std::string_view status, Text input) {
    w.open_object().member("id", Text::from_escaped(call.id));
    if (call.kind == CallKind::tool_search) {
        w.member("type", "tool_search_call").member("execution", "client");
        w.member("call_id", Text::from_escaped(call.call_id)).member("status", status);
        w.member_raw("arguments", input.empty() ? "{}" : input.decode()).close_object();
        return;
    }
    const bool custom = call.kind == CallKind::custom;
    w.member("type", custom ? "custom_tool_call" : "function_call").member("status", status);
    w.member("call_id", Text::from_escaped(call.call_id));
    w.member("name", Text::from_escaped(call.name));
    if (!call.space.empty()) w.member("namespace", Text::from_escaped(call.space));
    w.member(custom ? kInputArgument : "arguments", input).close_object();
}

void write_text_part(Writer& w, Text text) {
    w.open_object().member("type", "output_text").member("text", text);
    w.member_raw("annotations", "[]").member_raw("logprobs", "[]").close_object();
}

void write_message(Writer& w, std::string_view id, Text text) {
    w.open_object().member("id", Text::from_escaped(id)).member("type", "message");
    w.member("status", "completed").member("role", "assistant").key("content").open_array();
    write_text_part(w, text);
    w.close_array().close_object();
}

std::string reasoning_id(const ResponseHead& head, std::size_t number,
                         const chat::Provenance& from) {
    if (from.protocol == Protocol::openai_responses && !from.field.empty())
        return std::string(from.field.escaped());
    return head.item_id("rs_", number);
}

void write_reasoning(Writer& w, std::string_view id, Text summary, Text encrypted) {
    w.open_object().member("id", Text::from_escaped(id)).member("type", "reasoning");
    w.key("summary").open_array();
    if (!summary.empty())
        w.open_object().member("type", "summary_text").member("text", summary).close_object();
    w.close_array();
    if (!encrypted.empty()) w.member("encrypted_content", encrypted);
    w.close_object();
}

std::string encrypted_content(const chat::Provenance& from, Text seal, bool redacted,
                              std::string_view details) {
    if (from.protocol == Protocol::openai_responses) return std::string(seal.escaped());
    if (from.protocol == Protocol::anthropic && seal.empty()) return {};
    chat::Provenance origin = from;
    if (redacted) origin.field = Text::from_escaped(kRedacted);
    return pack_seal(origin, seal, details);
}

void write_search(Writer& w, std::string_view id, std::string_view status,
                  const chat::WebSearch& search) {
    w.open_object().member("id", Text::from_escaped(id)).member("type", "web_search_call");
    w.member("status", status).key("action").open_object().member("type", "search");
    w.member("query", search.query);
    if (!search.hits.empty()) {
        w.key("sources").open_array();
        for (const chat::SearchHit& hit : search.hits) {
            w.open_object().member("type", "url").member("url", hit.url);
            w.member("title", hit.title).close_object();
        }
        w.close_array();
    }
    w.close_object().close_object();
}

}  // namespace ccr::wire::openai_responses
