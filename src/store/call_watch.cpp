#include "store/call_watch.h"

#include <algorithm>

namespace ccr::store {
namespace {

CallReasoning reasoning_from(const chat::Provenance& from, bool redacted) {
    CallReasoning out;
    out.provider = from.provider.escaped();
    out.field = from.field.escaped();
    out.protocol = from.protocol;
    out.redacted = redacted;
    return out;
}

CallReasoning reasoning_of(const chat::Reasoning& part) {
    CallReasoning out = reasoning_from(part.from, part.redacted);
    out.text = part.text.escaped();
    out.seal = part.seal.escaped();
    out.details = part.details;
    return out;
}

// Plain text is asked back by chat providers alone; elsewhere it is of use beside a seal only.
bool is_wanted_back(const CallReasoning& reasoning) {
    return !reasoning.seal.empty() || !reasoning.details.empty() ||
           (reasoning.protocol == Protocol::openai_chat && !reasoning.text.empty());
}

}  // namespace

CallWatch::CallWatch(SignatureStore& signatures, CallScope scope)
    : signatures_(signatures), scope_(std::move(scope)) {}

void CallWatch::feed(const chat::StreamEvent& event) {
    std::visit([this](const auto& e) { on(e); }, event);
}

void CallWatch::feed(const chat::Reply& reply) {
    for (const chat::Part& part : reply.parts) {
        if (const auto* reasoning = part.as<chat::Reasoning>())
            reasoning_.push_back(reasoning_of(*reasoning));
        else if (const auto* prose = part.as<chat::Prose>(); prose && !prose->text.empty())
            saw_prose();
        else if (const auto* call = part.as<chat::ToolCall>())
            saw_call({call->id.decode(), call->name.decode(), std::string(call->arguments), {}});
    }
    remember();
}

void CallWatch::on(const chat::Opened& opened) {
    open_ = opened.kind;
    if (opened.kind == chat::BlockKind::reasoning)
        reasoning_.push_back(reasoning_from(opened.from, opened.redacted));
    if (opened.kind != chat::BlockKind::tool_call) return;
    call_ = {opened.id.decode(), opened.name.decode(), {}, {}};
    arguments_.clear();
}

void CallWatch::on(const chat::Delta& delta) {
    switch (delta.kind) {
        case chat::DeltaKind::text:
            return saw_prose();
        case chat::DeltaKind::arguments:
            arguments_ += delta.text.escaped();
            return;
        case chat::DeltaKind::opaque:
            return;
        default:
            break;
    }
    if (reasoning_.empty()) return;
    if (delta.kind == chat::DeltaKind::reasoning) reasoning_.back().text += delta.text.escaped();
    if (delta.kind == chat::DeltaKind::seal) reasoning_.back().seal = delta.text.escaped();
    if (delta.kind == chat::DeltaKind::details) reasoning_.back().details = delta.raw;
}

void CallWatch::on(const chat::Closed&) {
    if (open_ != chat::BlockKind::tool_call) return;
    call_.arguments = json::Text::from_escaped(arguments_).decode();
    saw_call(std::move(call_));
}

void CallWatch::on(const chat::Finished&) {
    remember();
}

void CallWatch::saw_prose() {
    for (CallReasoning& reasoning : reasoning_) reasoning.before_prose = true;
}

void CallWatch::saw_call(SignedCall call) {
    if (std::ranges::any_of(reasoning_, is_wanted_back)) {
        call.reasoning = std::move(reasoning_);
        calls_.push_back(std::move(call));
    }
    reasoning_.clear();
}

void CallWatch::remember() {
    for (const SignedCall& call : calls_) signatures_.remember(scope_, call);
    calls_.clear();
}

}  // namespace ccr::store
