#include "wire/answer_id.h"
#include "wire/openai_chat/answer_parts.h"
#include "wire/openai_chat/client_side.h"

namespace ccr::wire::openai_chat {
namespace {

using chat::Part;
using chat::Reply;
using json::Writer;

template <typename T>
bool has(const Reply& reply) {
    for (const Part& part : reply.parts) {
        if (part.as<T>()) return true;
    }
    return false;
}

void write_content(Writer& w, const Reply& reply) {
    w.key("content");
    if (!has<chat::Prose>(reply)) {
        w.null();
        return;
    }
    w.quote_open();
    for (const Part& part : reply.parts) {
        if (const auto* prose = part.as<chat::Prose>()) w.piece(prose->text);
    }
    w.quote_close();
}

void write_reasoning_text(Writer& w, const Reply& reply) {
    w.key("reasoning_content").quote_open();
    for (const Part& part : reply.parts) {
        if (const auto* reasoning = part.as<chat::Reasoning>()) w.piece(reasoning->text);
    }
    w.quote_close();
}

// The provider's own entries, and one for each seal, in order.
void write_reasoning_details(Writer& w, const Reply& reply) {
    bool any = false;
    for (const Part& part : reply.parts) {
        const auto* reasoning = part.as<chat::Reasoning>();
        if (!reasoning || (reasoning->details.empty() && reasoning->seal.empty())) continue;
        if (!any) w.key("reasoning_details").open_array();
        any = true;
        if (const std::string_view details = reasoning->details; details.size() > 2) {
            w.raw(details.substr(1, details.size() - 2));
        }
        if (!reasoning->seal.empty()) {
            write_sealed_detail(w, reasoning->seal, reasoning->redacted, reasoning->from,
                                reasoning->text);
        }
    }
    if (any) w.close_array();
}

void write_reasoning(Writer& w, const Reply& reply) {
    if (!has<chat::Reasoning>(reply)) return;
    write_reasoning_text(w, reply);
    write_reasoning_details(w, reply);
}

void write_calls(Writer& w, const Reply& reply) {
    if (!has<chat::ToolCall>(reply)) return;
    w.key("tool_calls").open_array();
    for (const Part& part : reply.parts) {
        const auto* call = part.as<chat::ToolCall>();
        if (!call) continue;
        w.open_object()
            .member("id", call->id)
            .member("type", "function")
            .key("function")
            .open_object();
        w.member("name", call->name)
            .member("arguments", call->arguments)
            .close_object()
            .close_object();
    }
    w.close_array();
}

void write_searches(Writer& w, const Reply& reply) {
    if (!has<chat::WebSearch>(reply)) return;
    w.key("annotations").open_array();
    for (const Part& part : reply.parts) {
        if (const auto* search = part.as<chat::WebSearch>()) write_citations(w, *search);
    }
    w.close_array();
}

}  // namespace

std::string encode_reply(const Reply& reply, const AnswerContext& context) {
    std::string out;
    Writer w(out);
    w.open_object();
    const std::string own_id = answer_id("chatcmpl-", context.request_id);
    write_head(w, "chat.completion", {reply.id, own_id, reply.model, context.model});
    w.key("choices")
        .open_array()
        .open_object()
        .member("index", std::int64_t{0})
        .key("message")
        .open_object();
    w.member("role", "assistant");
    write_content(w, reply);
    write_reasoning(w, reply);
    write_calls(w, reply);
    write_searches(w, reply);
    w.key("refusal").null().close_object().key("logprobs").null();
    w.member("finish_reason", client_finish_reason(reply.stop))
        .close_object()
        .close_array()
        .key("usage");
    write_usage(w, reply.usage, context.estimated_input_tokens);
    w.close_object();
    return out;
}

}  // namespace ccr::wire::openai_chat
