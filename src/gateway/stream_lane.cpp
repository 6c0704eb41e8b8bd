#include "gateway/stream_lane.h"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/token_meter.h"
#include "json/document.h"
#include "net/sse.h"

namespace ccr::gateway {
namespace {

bool is_start(const chat::StreamEvent& event) {
    return std::holds_alternative<chat::Started>(event);
}

// Chat providers and Gemini put the first words into the message that starts the answer.
bool is_only_start(const chat::Events& events) {
    const auto is_aside = [](const chat::StreamEvent& event) {
        return is_start(event) || std::holds_alternative<chat::UsageReport>(event) ||
               std::holds_alternative<chat::Ping>(event);
    };
    return std::ranges::any_of(events, is_start) && std::ranges::all_of(events, is_aside);
}

bool is_readable(std::string_view data) {
    return data == "[DONE]" || json::Document().parse(data).has_value();
}

}  // namespace

StreamLane::StreamLane(std::unique_ptr<wire::StreamDecoder> decoder, ClientStream& client,
                       bool verbatim, std::unique_ptr<net::MessageParser> parser)
    : client_(client),
      verbatim_(verbatim),
      parser_(parser ? std::move(parser) : std::make_unique<net::SseParser>()),
      decoder_(std::move(decoder)) {}

void StreamLane::feed(std::string_view bytes) {
    // What goes out is about as much as came in, and growing by doubling would copy it.
    if (ready_.empty() && (verbatim_ || committed_)) ready_.reserve(bytes.size());
    const bool readable =
        parser_->feed(bytes, [this](const net::SseMessage& message) { on_message(message); });
    if (readable || over()) return;
    failure_ = make_error(ErrorKind::upstream_protocol,
                          fmt::format("The upstream {}.", parser_->problem()));
    emit_failure();
}

void StreamLane::end() {
    if (over()) return;
    parser_->finish([this](const net::SseMessage& message) {
        // What a broken connection has cut behind a complete answer is nothing a client could read.
        if (verbatim_ && complete() && !is_readable(message.data)) return;
        on_message(message);
    });
    // The last message may have come without the blank line that makes a client read it.
    if (verbatim_ && !ready_.empty() && !ready_.ends_with("\n\n") && !ready_.ends_with("\r\n\r\n"))
        ready_ += "\n\n";
    if (over()) return;
    events_.clear();
    decoder_->finish(events_);
    adapt_events();
    for (const chat::StreamEvent& event : events_) note(event);
    // A verbatim stream that ends as it should has passed its last message already.
    if (!verbatim_)
        emit_events();
    else if (failure_)
        emit_failure();
}

void StreamLane::on_message(const net::SseMessage& message) {
    if (over()) return;
    events_.clear();
    decoder_->feed(message, events_);
    adapt_events();
    for (const chat::StreamEvent& event : events_) note(event);
    if (verbatim_)
        pass(message);
    else
        emit_events();
}

void StreamLane::adapt_events() {
    if (plan_ && !verbatim_) plan_->answer(events_);
}

void StreamLane::note(const chat::StreamEvent& event) {
    if (const auto* started = std::get_if<chat::Started>(&event))
        usage_.merge(started->usage);
    else if (const auto* report = std::get_if<chat::UsageReport>(&event))
        usage_.merge(report->usage);
    else if (const auto* failed = std::get_if<chat::Failed>(&event))
        failure_ = failed->error;
    else if (const auto* finished = std::get_if<chat::Finished>(&event)) {
        finished_ = true;
        stop_ = finished->reason;
    }
    if (const auto* delta = std::get_if<chat::Delta>(&event))
        characters_ += delta->text.escaped().size() + delta->raw.size();
    if (keeps_told_) append_told(event, told_);
    has_content_ = has_content_ || chat::bears_content(event);
    if (watch_) watch_->feed(event);
}

void StreamLane::emit_events() {
    for (const chat::StreamEvent& event : events_) {
        if (committed_)
            client_.deliver(event, ready_);
        else
            held_.push_back(chat::kept(event, held_arena_));
    }
}

// What the upstream calls an error passes in its own words; what only the decoder finds wrong does
// not pass.
void StreamLane::pass(const net::SseMessage& message) {
    if (failure_ && failure_->kind == ErrorKind::upstream_protocol) return emit_failure();
    // Whether the client needs this start is known when it is taken: a heartbeat may send one
    // first.
    if (is_only_start(events_)) {
        start_ = message.raw;
        start_at_ = ready_.size();
    } else {
        ready_ += message.raw;
    }
}

void StreamLane::emit_failure() {
    // Before the commit the attempt may fail without a trace, and then its end must not be known to
    // the client's encoder either: another target's answer goes through it.
    chat::StreamEvent failed = chat::Failed{*failure_};
    if (committed_)
        client_.deliver(failed, ready_);
    else
        held_.push_back(std::move(failed));
}

std::string StreamLane::take() {
    committed_ = true;
    for (const chat::StreamEvent& event : held_) client_.deliver(event, ready_);
    if (!held_.empty()) {
        chat::Events().swap(held_);
        held_arena_ = {};
    }
    if (!start_.empty() && !client_.started()) ready_.insert(start_at_, start_);
    std::string().swap(start_);
    client_.mark_started();
    return std::exchange(ready_, {});
}

}  // namespace ccr::gateway
