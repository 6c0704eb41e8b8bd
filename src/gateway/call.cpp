#include "gateway/call.h"

#include <tuple>
#include <utility>

namespace ccr::gateway {
namespace {

// Chat clients get the usage chunk only if they ask (OpenAI's API reference, `stream_options`);
// other streams have figures of their own.
bool asks_for_usage(const Call& call) {
    if (call.client.protocol != Protocol::openai_chat) return true;
    return call.root["stream_options"]["include_usage"].raw() == "true";
}

}  // namespace

// What is moved from keeps nothing; what is only assigned to may keep its room.
void Call::let_go_of_body() {
    const auto views = std::tuple(std::move(document), std::move(conversation), std::move(media));
    const std::string bytes = std::move(body);
    root = {};
    conversation = {};
    exchange.body_is_gone();
}

wire::AnswerContext answer_context(const Call& call) {
    return {call.trace.id(), call.facts.input_tokens, call.facts.asked_model, asks_for_usage(call),
            &call.conversation};
}

plugin::RequestView request_view(const Call& call) {
    const net::RequestHead& head = call.exchange.head();
    return {call.trace.id(), head.path,          head.query,
            head.headers,    call.facts.session, call.facts.input_tokens};
}

}  // namespace ccr::gateway
