#include "wire/answer_id.h"
#include "wire/anthropic/names.h"
#include "wire/anthropic/reply.h"
#include "wire/anthropic/stream.h"
#include "wire/seal.h"

namespace ccr::wire::anthropic {
namespace {

using chat::BlockKind;
using chat::DeltaKind;
using json::Writer;

class Encoder final : public StreamEncoder {
  public:
    explicit Encoder(const AnswerContext& context)
        : request_id_(context.request_id),
          model_(context.model),
          estimated_input_(context.estimated_input_tokens) {}

    void feed(const chat::StreamEvent& event, std::string& out) override {
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
    void on(const chat::Ping&, std::string& out) {
        out += "event: ping\ndata: {\"type\":\"ping\"}\n\n";
    }

    void web_search(const chat::WebSearch& search, std::string& out);
    void open_block(std::string& out);
    void close_block(std::string& out);
    void signature(std::string& out, std::string_view escaped);
    void begin_delta(std::string_view type, std::string_view member, std::string& out);
    void text_delta(std::string_view type, std::string_view member, json::Text text,
                    std::string& out);

    std::string request_id_, model_;
    std::int64_t estimated_input_;
    bool started_ = false;
    std::int64_t index_ = 0;  // of the block that is open or comes next
    chat::Usage usage_;
    BlockKind open_ = BlockKind::text;
    bool skipped_ = false;  // the open block is of another protocol and is left out
    bool redacted_ = false;
    chat::Provenance from_;
    Arena from_arena_;
    std::string seal_, details_;
    std::string lead_;  // of the last delta's event
    std::int64_t lead_index_ = -1;
    std::string_view lead_type_;  // a literal, which decides the member as well
};

constexpr std::string_view kEndDelta = "\"}}\n\n";

// Deltas are the hot path and are written without a Writer. All up to the member that differs is
// made once for the many of a block.
void Encoder::begin_delta(std::string_view type, std::string_view member, std::string& out) {
    if (lead_index_ != index_ || lead_type_ != type) {
        lead_ = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":";
        lead_ += std::to_string(index_);
        lead_ += ",\"delta\":{\"type\":\"";
        lead_.append(type).append("\",\"").append(member).append("\":\"");
        lead_index_ = index_;
        lead_type_ = type;
    }
    out += lead_;
}

void Encoder::text_delta(std::string_view type, std::string_view member, json::Text text,
                         std::string& out) {
    begin_delta(type, member, out);
    out += text.escaped();
    out += kEndDelta;
}

Writer& begin_event(Writer& w, std::string& out, std::string_view type) {
    out.append("event: ").append(type).append("\ndata: ");
    return w.open_object().member("type", type);
}
void end_event(Writer& w, std::string& out) {
    w.close_object();
    out += "\n\n";
}

void Encoder::on(const chat::Started& started, std::string& out) {
    usage_.merge(started.usage);
    if (started_) return;
    started_ = true;
    chat::Usage first = started.usage;
    if (!first.input) first.input = estimated_input_;
    Writer w(out);
    begin_event(w, out, "message_start").key("message").open_object();
    if (started.id.empty())
        w.member("id", answer_id("msg_", request_id_));
    else
        w.member("id", started.id);
    w.member("type", "message").member("role", "assistant");
    if (started.model.empty())
        w.member("model", std::string_view(model_));
    else
        w.member("model", started.model);
    w.key("content").open_array().close_array();
    w.key("stop_reason").null().key("stop_sequence").null().key("usage");
    encode_usage(w, first);
    w.close_object();
    end_event(w, out);
}

void Encoder::open_block(std::string& out) {
    out += "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":";
    out += std::to_string(index_);
    out += ",\"content_block\":";
}

void Encoder::close_block(std::string& out) {
    out += "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":";
    out += std::to_string(index_++);
    out += "}\n\n";
}

void Encoder::on(const chat::Opened& opened, std::string& out) {
    open_ = opened.kind;
    redacted_ = opened.redacted;
    seal_.clear();
    details_.clear();
    skipped_ = opened.kind == BlockKind::opaque && opened.opaque.from != Protocol::anthropic;
    if (skipped_) return;
    if (opened.kind == BlockKind::web_search) return web_search(opened.search, out);
    if (opened.kind == BlockKind::reasoning) {
        from_ = {opened.from.protocol, opened.from.provider.kept(from_arena_),
                 opened.from.field.kept(from_arena_)};
        if (redacted_) return;  // its data comes as the seal, and belongs into the start event
    }
    open_block(out);
    Writer w(out);
    switch (opened.kind) {
        case BlockKind::text:
            w.raw(R"({"type":"text","text":""})");
            break;
        case BlockKind::reasoning:
            w.raw(R"({"type":"thinking","thinking":"","signature":""})");
            break;
        case BlockKind::tool_call:
            w.open_object()
                .member("type", "tool_use")
                .member("id", opened.id)
                .member("name", opened.name);
            w.member_raw("input", "{}").close_object();
            break;
        default:
            w.raw(opened.opaque.raw);
    }
    out += "}\n\n";
}

void Encoder::on(const chat::Delta& delta, std::string& out) {
    if (skipped_) return;
    switch (delta.kind) {
        case DeltaKind::text:
            return text_delta("text_delta", "text", delta.text, out);
        case DeltaKind::reasoning:
            if (redacted_) return;  // its block is written only at its end, from the seal alone
            return text_delta("thinking_delta", "thinking", delta.text, out);
        case DeltaKind::arguments:
            return text_delta("input_json_delta", "partial_json", delta.text, out);
        case DeltaKind::seal:
            seal_ = delta.text.escaped();
            return;
        case DeltaKind::details:
            details_ = delta.raw;
            return;
        case DeltaKind::opaque:
            break;
    }
    out += "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":";
    out += std::to_string(index_);
    out.append(",\"delta\":").append(delta.raw).append("}\n\n");
}

void Encoder::signature(std::string& out, std::string_view escaped) {
    begin_delta("signature_delta", "signature", out);
    out += escaped;
    out += kEndDelta;
}

void Encoder::on(const chat::Closed&, std::string& out) {
    if (skipped_ || open_ == BlockKind::web_search) return;
    if (redacted_ && open_ == BlockKind::reasoning) {
        open_block(out);
        Writer(out)
            .open_object()
            .member("type", "redacted_thinking")
            .member("data", json::Text::from_escaped(seal_))
            .close_object();
        out += "}\n\n";
    } else if (open_ == BlockKind::reasoning) {
        // Thinking of another protocol carries its origin home in the signature.
        if (from_.protocol == Protocol::anthropic)
            signature(out, seal_);
        else
            signature(out, pack_seal(from_, json::Text::from_escaped(seal_), details_));
    }
    redacted_ = false;
    close_block(out);
}

// The two blocks of a provider-run search, each complete at once.
void Encoder::web_search(const chat::WebSearch& search, std::string& out) {
    open_block(out);
    Writer(out)
        .open_object()
        .member("type", "server_tool_use")
        .member("id", search.id)
        .member("name", "web_search")
        .member_raw("input", "{}")
        .close_object();
    out += "}\n\n";
    std::string query;
    Writer(query).open_object().member("query", search.query).close_object();
    begin_delta("input_json_delta", "partial_json", out);
    json::escape_to(out, query);
    out += kEndDelta;
    close_block(out);
    open_block(out);
    Writer w(out);
    w.open_object()
        .member("type", "web_search_tool_result")
        .member("tool_use_id", search.id)
        .key("content")
        .open_array();
    for (const chat::SearchHit& hit : search.hits) {
        w.open_object()
            .member("type", "web_search_result")
            .member("url", hit.url)
            .member("title", hit.title);
        w.member("encrypted_content", "").key("page_age").null().close_object();
    }
    w.close_array().close_object();
    out += "}\n\n";
    close_block(out);
}

void Encoder::on(const chat::Finished& finished, std::string& out) {
    Writer w(out);
    begin_event(w, out, "message_delta").key("delta").open_object();
    w.member("stop_reason", stop_reason_name(finished.reason)).key("stop_sequence");
    if (finished.stop_sequence.empty())
        w.null();
    else
        w.text(finished.stop_sequence);
    w.close_object().key("usage");
    if (!usage_.input) usage_.input = estimated_input_;
    encode_usage(w, usage_);
    end_event(w, out);
    out += "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
}

void Encoder::on(const chat::Failed& failed, std::string& out) {
    out += "event: error\ndata: ";
    out += encode_error(failed.error, request_id_);
    out += "\n\n";
}

}  // namespace

std::unique_ptr<StreamEncoder> open_encoder(const AnswerContext& context) {
    return std::make_unique<Encoder>(context);
}

}  // namespace ccr::wire::anthropic
