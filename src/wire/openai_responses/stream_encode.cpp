// Events to a Responses stream: one block of the hub is one output item.
#include <fmt/format.h>

#include "wire/openai_error.h"
#include "wire/openai_responses/answer_items.h"
#include "wire/openai_responses/client_side.h"
#include "wire/openai_responses/event_writer.h"

namespace ccr::wire::openai_responses {
namespace {

using chat::BlockKind;
using chat::DeltaKind;
using json::Text;
using json::Writer;

class Encoder final : public StreamEncoder {
  public:
    explicit Encoder(const AnswerContext& context)
        : request_id_(context.request_id),
          model_(context.model),
          estimated_input_(context.estimated_input_tokens),
          shapes_(context.asked) {}

    void feed(const chat::StreamEvent& event, std::string& out) override {
        if (ended_) return;
        std::visit([&](const auto& e) { on(e, out); }, event);
    }

  private:
    void on(const chat::Started& started, std::string& out);
    void on(const chat::Opened& opened, std::string& out);
    void on(const chat::Delta& delta, std::string& out);
    void on(const chat::Closed&, std::string& out);
    void on(const chat::UsageReport& report, std::string&) { usage_.merge(report.usage); }
    void on(const chat::Finished& finished, std::string& out);
    void on(const chat::Failed& failed, std::string& out);
    void on(const chat::Ping&, std::string& out) { out += ": ping\n\n"; }

    void open_text(std::string& out);
    void close_text(std::string& out);
    void open_reasoning(const chat::Opened& opened, std::string& out);
    void open_summary(std::string& out);
    void close_reasoning(std::string& out);
    void open_call(const chat::Opened& opened, std::string& out);
    void close_call(std::string& out);
    void web_search(const chat::WebSearch& search, std::string& out);

    std::string request_id_, model_;
    std::int64_t estimated_input_;
    ToolShapes shapes_;
    std::optional<ResponseHead> head_;
    bool ended_ = false;
    EventWriter events_;
    chat::Usage usage_;

    BlockKind open_ = BlockKind::text;  // and the rest of the open item
    std::string item_id_, text_, seal_, details_;
    std::string opaque_;  // raw, when its protocol is this one
    CallItem call_;
    chat::Provenance from_;
    Arena arena_;  // holds from_'s strings
    bool redacted_ = false, has_summary_ = false;
};

void Encoder::on(const chat::Started& started, std::string& out) {
    usage_.merge(started.usage);
    if (head_) return;
    head_.emplace(started.id, started.model,
                  AnswerContext{request_id_, estimated_input_, model_, true, nullptr});
    ResponseState state;
    state.status = "in_progress";
    events_.response("response.created", *head_, state, out);
    events_.response("response.in_progress", *head_, state, out);
}

void Encoder::on(const chat::Opened& opened, std::string& out) {
    open_ = opened.kind;
    text_.clear();
    seal_.clear();
    details_.clear();
    opaque_.clear();
    switch (opened.kind) {
        case BlockKind::text:
            return open_text(out);
        case BlockKind::reasoning:
            return open_reasoning(opened, out);
        case BlockKind::tool_call:
            return open_call(opened, out);
        case BlockKind::web_search:
            return web_search(opened.search, out);
        case BlockKind::opaque:
            if (opened.opaque.from == Protocol::openai_responses) opaque_ = opened.opaque.raw;
    }
}

void Encoder::open_text(std::string& out) {
    item_id_ = head_->item_id("msg_", events_.index());
    std::string item;
    Writer(item)
        .open_object()
        .member("id", Text::from_escaped(item_id_))
        .member("type", "message")
        .member("status", "in_progress")
        .member("role", "assistant")
        .member_raw("content", "[]")
        .close_object();
    events_.item_added(item_id_, item, out);
    Writer w = events_.begin_inside("response.content_part.added", kContentIndex, out);
    w.key("part");
    write_text_part(w, {});
    EventWriter::end(w, out);
}

void Encoder::close_text(std::string& out) {
    const Text text = Text::from_escaped(text_);
    events_.done("response.output_text.done", kContentIndex, "text", text, out);
    Writer w = events_.begin_inside("response.content_part.done", kContentIndex, out);
    w.key("part");
    write_text_part(w, text);
    EventWriter::end(w, out);
    std::string item;
    Writer whole(item);
    write_message(whole, item_id_, text);
    events_.item_done(item, out);
}

void Encoder::open_reasoning(const chat::Opened& opened, std::string& out) {
    redacted_ = opened.redacted;
    has_summary_ = false;
    from_ = {opened.from.protocol, opened.from.provider.kept(arena_),
             opened.from.field.kept(arena_)};
    item_id_ = reasoning_id(*head_, events_.index(), from_);
    std::string item;
    Writer w(item);
    write_reasoning(w, item_id_, {}, {});
    events_.item_added(item_id_, item, out);
}

void Encoder::open_summary(std::string& out) {
    if (has_summary_) return;
    has_summary_ = true;
    Writer w = events_.begin_inside("response.reasoning_summary_part.added", kSummaryIndex, out);
    w.member_raw("part", R"({"type":"summary_text","text":""})");
    EventWriter::end(w, out);
}

void Encoder::close_reasoning(std::string& out) {
    const Text text = Text::from_escaped(text_);
    if (has_summary_) {
        events_.done("response.reasoning_summary_text.done", kSummaryIndex, "text", text, out);
        Writer w = events_.begin_inside("response.reasoning_summary_part.done", kSummaryIndex, out);
        w.key("part").open_object().member("type", "summary_text").member("text", text);
        w.close_object();
        EventWriter::end(w, out);
    }
    const std::string sealed =
        encrypted_content(from_, Text::from_escaped(seal_), redacted_, details_);
    std::string item;
    Writer w(item);
    write_reasoning(w, item_id_, text, Text::from_escaped(sealed));
    events_.item_done(item, out);
}

void Encoder::open_call(const chat::Opened& opened, std::string& out) {
    call_ = call_item(*head_, events_.index(), opened.id, opened.name, shapes_);
    item_id_ = call_.id;
    std::string item;
    Writer w(item);
    write_call(w, call_, "in_progress", {});
    events_.item_added(item_id_, item, out);
}

// Only whole arguments tell a custom tool's input and a search's object.
void Encoder::close_call(std::string& out) {
    std::string item;
    Writer w(item);
    if (call_.kind == CallKind::function) {
        // A client parses what it gathered: "no arguments" must be an object too.
        if (text_.empty()) {
            text_ = "{}";
            events_.delta("response.function_call_arguments.delta", "", Text::from_escaped(text_),
                          out);
        }
        const Text arguments = Text::from_escaped(text_);
        events_.done("response.function_call_arguments.done", "", "arguments", arguments, out);
        write_call(w, call_, "completed", arguments);
    } else if (call_.kind == CallKind::custom) {
        std::string input;
        json::escape_to(input, input_of_arguments(Text::from_escaped(text_).decode()));
        const Text text = Text::from_escaped(input);
        if (!input.empty()) events_.delta("response.custom_tool_call_input.delta", "", text, out);
        events_.done("response.custom_tool_call_input.done", "", "input", text, out);
        write_call(w, call_, "completed", text);
    } else {
        json::Document document;
        const std::string arguments = Text::from_escaped(text_).decode();
        const auto root = document.parse(arguments);
        const bool sound = root && root->is_object();
        write_call(w, call_, "completed", sound ? Text::from_escaped(text_) : Text());
    }
    events_.item_done(item, out);
}

// A search of the provider's, which is over when it is told.
void Encoder::web_search(const chat::WebSearch& search, std::string& out) {
    item_id_ = search.id.empty() ? head_->item_id("ws_", events_.index()) : search.id.escaped();
    std::string item;
    Writer w(item);
    write_search(w, item_id_, "in_progress", {});
    events_.item_added(item_id_, item, out);
    for (const std::string_view step : {"in_progress", "searching", "completed"}) {
        Writer event =
            events_.begin_inside(fmt::format("response.web_search_call.{}", step), "", out);
        EventWriter::end(event, out);
    }
    item.clear();
    Writer whole(item);
    write_search(whole, item_id_, "completed", search);
    events_.item_done(item, out);
}

void Encoder::on(const chat::Delta& delta_event, std::string& out) {
    const Text text = delta_event.text;
    switch (delta_event.kind) {
        case DeltaKind::text:
            text_ += text.escaped();
            return events_.delta("response.output_text.delta", kContentIndex, text, out);
        case DeltaKind::reasoning:
            if (text.empty()) return;
            open_summary(out);
            text_ += text.escaped();
            return events_.delta("response.reasoning_summary_text.delta", kSummaryIndex, text, out);
        case DeltaKind::arguments:
            text_ += text.escaped();
            if (call_.kind == CallKind::function && !text.empty())
                events_.delta("response.function_call_arguments.delta", "", text, out);
            return;
        case DeltaKind::seal:
            seal_ = text.escaped();
            return;
        case DeltaKind::details:
            details_ = delta_event.raw;
            return;
        case DeltaKind::opaque:
            return;  // of the block's own protocol, which tells it whole
    }
}

void Encoder::on(const chat::Closed&, std::string& out) {
    switch (open_) {
        case BlockKind::text:
            return close_text(out);
        case BlockKind::reasoning:
            return close_reasoning(out);
        case BlockKind::tool_call:
            return close_call(out);
        case BlockKind::web_search:
            return;
        case BlockKind::opaque:
            if (opaque_.empty()) return;
            events_.item_added({}, opaque_, out);
            events_.item_done(opaque_, out);
    }
}

void Encoder::on(const chat::Finished& finished, std::string& out) {
    ended_ = true;
    const Ending ending = ending_of(finished.reason);
    ResponseState state;
    state.status = ending.status;
    state.incomplete = ending.incomplete;
    state.usage = &usage_;
    state.estimated_input = estimated_input_;
    events_.response(fmt::format("response.{}", ending.status), *head_, state, out);
}

// SDKs raise the one event, Codex reads the other.
void Encoder::on(const chat::Failed& failed, std::string& out) {
    if (!head_) on(chat::Started{}, out);
    ended_ = true;
    Writer w = events_.begin("error", out);
    w.key("error");
    write_openai_error(w, failed.error);
    w.member("code", code_of(failed.error.kind));
    w.member("message", std::string_view(failed.error.message)).key("param").null();
    EventWriter::end(w, out);
    ResponseState state;
    state.status = "failed";
    state.error = &failed.error;
    events_.response("response.failed", *head_, state, out);
}

}  // namespace

std::unique_ptr<StreamEncoder> open_encoder(const AnswerContext& context) {
    return std::make_unique<Encoder>(context);
}

}  // namespace ccr::wire::openai_responses
