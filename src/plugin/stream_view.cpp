#include "plugin/stream_view.h"

#include <fmt/format.h>

#include <utility>

#include "plugin/openai_view.h"
#include "wire/openai_chat/answer_parts.h"

namespace ccr::plugin {
namespace {

using chat::BlockKind;
using chat::DeltaKind;
using json::Writer;

constexpr std::size_t kArenaBytes = 64 * 1024;
constexpr std::size_t kMostWaiting = 64u << 20;
constexpr std::size_t kChunkWeight = sizeof(StreamView::Shown) + 64;  // beside its texts

std::size_t size_of(const chat::StreamEvent& event) {
    const auto* delta = std::get_if<chat::Delta>(&event);
    return delta ? delta->text.escaped().size() + delta->raw.size() : 64;
}

void write_arguments(Writer& w, std::int64_t index, json::Text piece) {
    w.key("tool_calls").open_array().open_object().member("index", index);
    w.key("function").open_object().member("arguments", piece).close_object();
    w.close_object().close_array();
}

}  // namespace

const std::shared_ptr<Arena>& StreamView::arena(std::size_t more) {
    arena_bytes_ += more;
    if (!arena_ || arena_bytes_ > kArenaBytes) {
        // What waits stays with the chunk that it will go with.
        auto fresh = std::make_shared<Arena>();
        for (chat::StreamEvent& event : silent_) event = chat::kept(event, *fresh);
        arena_ = std::move(fresh);
        arena_bytes_ = more;
    }
    return arena_;
}

void StreamView::show(const chat::StreamEvent& event, std::string& out) {
    if (failure_) return;
    event_ = &event;
    std::visit([&](const auto& e) { on(e, out); }, event);
    if (!event_) return;
    const auto& own = arena(size_of(event));
    silent_.push_back(chat::kept(event, *own));
    silent_weight_ += sizeof event + size_of(event);
    weigh(sizeof event + size_of(event));
}

// A script that drops chunks takes none with the next that it gives back: all would wait to the
// end.
void StreamView::weigh(std::size_t more) {
    waiting_ += more;
    if (waiting_ <= kMostWaiting || failure_) return;
    is_full_ = true;
    failure_ = make_error(
        ErrorKind::config,
        fmt::format("plugin {}, transformResponseOut: it keeps back more than {} MB of a streamed "
                    "answer; let it pass chunks on as they come (ccr_event and all)",
                    plugins_, kMostWaiting >> 20));
}

StreamView::Shown StreamView::next_shown() {
    Shown out = std::move(shown_.front());
    shown_.pop_front();
    ++first_;
    waiting_ -= out.weight;
    return out;
}

// `is_last`: the chunk that stands for the event, where several show it.
void StreamView::message(std::string data, std::string& out, bool is_last) {
    out.append("data: ").append(data).append("\n\n");
    Shown shown;
    const auto& own = arena(event_ ? size_of(*event_) : 0);
    shown.data = std::move(data);
    shown.silent = std::move(silent_);
    silent_.clear();
    if (is_last && event_) {
        shown.event = chat::kept(*event_, *own);
        event_ = nullptr;
    }
    shown.arena = own;
    const std::size_t added =
        kChunkWeight + shown.data.size() + (shown.event ? size_of(*shown.event) : 0);
    shown.weight = added + std::exchange(silent_weight_, 0);
    shown_.push_back(std::move(shown));
    weigh(added);
}

std::string StreamView::chunk(std::string_view delta, std::string_view finish_reason) {
    std::string out = prefix_;
    out += std::to_string(first_ + static_cast<std::int64_t>(shown_.size()));
    out.append(R"(,"choices":[{"index":0,"delta":)").append(delta);
    if (finish_reason.empty()) return out.append(R"(,"finish_reason":null}]})");
    return out.append(R"(,"finish_reason":")").append(finish_reason).append("\"}]}");
}

void StreamView::on(const chat::Started& started, std::string& out) {
    usage_.merge(started.usage);
    prefix_.clear();
    Writer w(prefix_);
    w.open_object();
    wire::openai_chat::write_head(w, "chat.completion.chunk",
                                  {started.id, id_, started.model, model_});
    w.key("ccr_event");
    message(chunk(R"({"role":"assistant","content":""})"), out);
}

void StreamView::on(const chat::Opened& opened, std::string& out) {
    std::string delta;
    Writer w(delta);
    w.open_object();
    wants_arguments_ = opened.kind == BlockKind::tool_call;
    is_redacted_ = opened.redacted;
    if (wants_arguments_) {
        w.key("tool_calls").open_array().open_object().member("index", calls_++);
        w.member("id", opened.id).member("type", "function").key("function").open_object();
        w.member("name", opened.name).member("arguments", "").close_object();
        w.close_object().close_array().close_object();
    } else if (opened.kind == BlockKind::web_search && !opened.search.hits.empty()) {
        w.key("annotations").open_array();
        wire::openai_chat::write_citations(w, opened.search);
        w.close_array().close_object();
    } else {
        return;
    }
    message(chunk(delta), out);
}

void StreamView::on(const chat::Delta& delta, std::string& out) {
    // What is hidden has nothing to edit, and a block of nothing but its seal is nothing without
    // it.
    if (delta.text.empty() || is_redacted_) return;
    std::string shown;
    Writer w(shown);
    w.open_object();
    switch (delta.kind) {
        case DeltaKind::text:
            w.member("content", delta.text);
            break;
        case DeltaKind::reasoning:
            w.key("thinking");
            write_thinking(w, delta.text, {});
            break;
        case DeltaKind::seal:
            w.key("thinking").open_object().member("signature", delta.text).close_object();
            break;
        case DeltaKind::arguments:
            wants_arguments_ = false;
            write_arguments(w, calls_ - 1, delta.text);
            break;
        case DeltaKind::details:
        case DeltaKind::opaque:
            return;
    }
    w.close_object();
    message(chunk(shown), out);
}

// What is gathered of a call is parsed: no arguments are an object, too.
void StreamView::on(const chat::Closed&, std::string& out) {
    if (!std::exchange(wants_arguments_, false)) return;
    std::string delta;
    Writer w(delta);
    w.open_object();
    write_arguments(w, calls_ - 1, json::Text::literal("{}"));
    w.close_object();
    message(chunk(delta), out);
}

void StreamView::on(const chat::Finished& finished, std::string& out) {
    message(chunk("{}", wire::openai_chat::client_finish_reason(finished.reason)), out);
    std::string usage = prefix_;
    usage += std::to_string(first_ + static_cast<std::int64_t>(shown_.size()));
    usage += ',';
    Writer w(usage);
    w.key("choices").open_array().close_array().key("usage");
    wire::openai_chat::write_usage(w, usage_, 0);
    w.close_object();
    message(std::move(usage), out);
    out += "data: [DONE]\n\n";
}

void StreamView::on(const chat::Failed& failed, std::string& out) {
    failure_ = failed.error;
    event_ = nullptr;
    const wire::Codec& chat = *wire::codec_of(Protocol::openai_chat);
    out.append("data: ").append(chat.encode_error(failed.error, id_)).append("\n\n");
}

std::optional<StreamView::Shown> StreamView::take(std::int64_t number,
                                                  std::deque<Shown>& passed_by) {
    if (number < first_ || number >= first_ + static_cast<std::int64_t>(shown_.size()))
        return std::nullopt;
    while (first_ < number) passed_by.push_back(next_shown());
    return next_shown();
}

std::deque<StreamView::Shown> StreamView::take_rest() {
    if (!silent_.empty()) shown_.push_back({{}, std::move(silent_), std::nullopt, arena_});
    silent_.clear();
    silent_weight_ = waiting_ = 0;
    first_ += static_cast<std::int64_t>(shown_.size());
    return std::exchange(shown_, {});
}

}  // namespace ccr::plugin
