#include "wire/anthropic/reply.h"

#include <fmt/format.h>

#include "wire/answer_id.h"
#include "wire/anthropic/names.h"
#include "wire/anthropic/parts.h"

namespace ccr::wire::anthropic {

using json::View;
using json::Writer;

chat::Usage decode_usage(View usage) {
    chat::Usage out;
    out.input = usage["input_tokens"].integer();
    out.output = usage["output_tokens"].integer();
    out.cache_read = usage["cache_read_input_tokens"].integer();
    out.cache_write = usage["cache_creation_input_tokens"].integer();
    out.reasoning = usage["output_tokens_details"]["thinking_tokens"].integer();
    return out;
}

void encode_usage(Writer& w, const chat::Usage& usage) {
    w.open_object().member("input_tokens", usage.input.value_or(0));
    w.member("cache_creation_input_tokens", usage.cache_write.value_or(0));
    w.member("cache_read_input_tokens", usage.cache_read.value_or(0));
    w.member("output_tokens", usage.output.value_or(0)).close_object();
}

Result<chat::Reply> decode_reply(std::string_view body, const Target& target) {
    chat::Reply reply;
    const std::string_view text = reply.arena.keep(body);
    json::Document document;
    const auto root = document.parse(text);
    if (!root || !root->is_object()) {
        return fail(
            ErrorKind::upstream_protocol,
            fmt::format("{} answered 200 with something that is no JSON object.", target.provider));
    }
    if ((*root)["type"].text().equals("error") || (*root)["error"].is_object())
        return std::unexpected(decode_error_object((*root)["error"], target));
    if (!(*root)["content"].is_array()) {
        return fail(ErrorKind::upstream_protocol,
                    fmt::format("{} answered 200 without a `content` array.", target.provider));
    }
    reply.id = (*root)["id"].text();
    reply.model = (*root)["model"].text();
    auto parts = decode_content((*root)["content"], Place("content"), reply.arena);
    if (!parts)
        return fail(ErrorKind::upstream_protocol,
                    fmt::format("{}: {}", target.provider, parts.error().message));
    reply.parts = std::move(*parts);
    reply.stop = stop_reason_of((*root)["stop_reason"].text());
    reply.stop_sequence = (*root)["stop_sequence"].text();
    reply.usage = decode_usage((*root)["usage"]);
    return reply;
}

std::string encode_reply(const chat::Reply& reply, const AnswerContext& context) {
    std::string out;
    Writer w(out);
    chat::Losses none;
    w.open_object();
    if (reply.id.empty())
        w.member("id", answer_id("msg_", context.request_id));
    else
        w.member("id", reply.id);
    w.member("type", "message").member("role", "assistant");
    if (reply.model.empty())
        w.member("model", context.model);
    else
        w.member("model", reply.model);
    w.key("content");
    encode_content(w, reply.parts, Place("content"), ForeignThinking::pack, none);
    w.member("stop_reason", stop_reason_name(reply.stop)).key("stop_sequence");
    if (reply.stop_sequence.empty())
        w.null();
    else
        w.text(reply.stop_sequence);
    w.key("usage");
    encode_usage(w, reply.usage);
    w.close_object();
    return out;
}

}  // namespace ccr::wire::anthropic
