#include <fmt/format.h>

#include "wire/anthropic/names.h"
#include "wire/anthropic/reply.h"
#include "wire/anthropic/stream.h"
#include "wire/repeated_delta.h"

namespace ccr::wire::anthropic {
namespace {

using chat::BlockKind;
using chat::DeltaKind;
using json::View;

BlockKind kind_of(json::Text type) {
    if (type.equals("text")) return BlockKind::text;
    if (type.equals("thinking") || type.equals("redacted_thinking")) return BlockKind::reasoning;
    if (type.equals("tool_use")) return BlockKind::tool_call;
    return BlockKind::opaque;
}

class Decoder final : public StreamDecoder {
  public:
    explicit Decoder(const Target& target) : provider_(target.provider), model_(target.model) {}

    void feed(const net::SseMessage& message, chat::Events& out) override;
    void finish(chat::Events& out) override;
    bool complete() const override { return ended_; }

  private:
    void on_start(View data, chat::Events& out);
    void on_block_start(View data, chat::Events& out);
    void on_delta(View data, chat::Events& out);
    void on_block_stop(chat::Events& out);
    void on_message_delta(View data, chat::Events& out);
    void on_stop(chat::Events& out);
    void dispatch(View data, chat::Events& out);
    void break_off(std::string why, chat::Events& out);
    Target target() const { return {provider_, model_, {}, {}, true}; }

    std::string provider_, model_;
    json::Document document_;
    RepeatedDelta repeated_;
    bool started_ = false, open_ = false, ended_ = false;
    BlockKind kind_ = BlockKind::text;
    chat::StopReason stop_ = chat::StopReason::end_turn;
    std::string stop_sequence_;  // escaped; message_delta's bytes are gone by message_stop
};

void Decoder::break_off(std::string why, chat::Events& out) {
    ended_ = true;
    out.emplace_back(chat::Failed{
        make_error(ErrorKind::upstream_protocol,
                   fmt::format("{} (provider {}, model {})", why, provider_, model_))});
}

void Decoder::feed(const net::SseMessage& message, chat::Events& out) {
    if (ended_ || message.data.empty() || repeated_.read(message.data, out)) return;
    repeated_.forget();
    const auto root = document_.parse(message.data);
    if (!root || !root->is_object())
        return break_off("The stream holds something that is no JSON", out);
    dispatch(*root, out);
}

void Decoder::dispatch(View data, chat::Events& out) {
    const json::Text type = data["type"].text();
    if (type.equals("content_block_delta")) {
        const std::size_t before = out.size();
        on_delta(data, out);
        // Within one block a delta changes nothing, so all that are alike can be read alike.
        if (out.size() == before + 1) repeated_.learn(data.document_text(), out);
        return;
    }
    // Compatible servers exist that send the error without its type.
    if (type.equals("error") || (type.empty() && data["error"].is_object())) {
        ended_ = true;
        out.emplace_back(chat::Failed{decode_error_object(data["error"], target())});
        return;
    }
    if (type.equals("message_start")) return on_start(data, out);
    if (type.equals("ping")) {
        if (started_) out.emplace_back(chat::Ping{});
        return;
    }
    if (!started_) return break_off("The stream does not begin with message_start", out);
    if (type.equals("content_block_start")) return on_block_start(data, out);
    if (type.equals("content_block_stop")) return on_block_stop(out);
    if (type.equals("message_delta")) return on_message_delta(data, out);
    if (type.equals("message_stop")) return on_stop(out);
    // New event types may be added and are to be ignored (docs: "Streaming messages", other
    // events).
}

void Decoder::on_start(View data, chat::Events& out) {
    if (started_) return;
    started_ = true;
    const View message = data["message"];
    out.emplace_back(chat::Started{message["id"].text(), message["model"].text(),
                                   decode_usage(message["usage"])});
}

void Decoder::on_block_start(View data, chat::Events& out) {
    const View block = data["content_block"];
    if (!block.is_object())
        return break_off("The stream opens a block without saying what it is", out);
    on_block_stop(out);  // a block that its sender forgot to close
    const json::Text type = block["type"].text();
    chat::Opened opened;
    opened.kind = kind_ = kind_of(type);
    opened.id = block["id"].text();
    opened.name = block["name"].text();
    opened.redacted = type.equals("redacted_thinking");
    if (kind_ == BlockKind::opaque) opened.opaque = {Protocol::anthropic, type, block.raw(), {}};
    open_ = true;
    out.emplace_back(std::move(opened));
    const json::Text initial = block[kind_ == BlockKind::reasoning ? "thinking" : "text"].text();
    const bool prose = kind_ == BlockKind::text || kind_ == BlockKind::reasoning;
    if (prose && !initial.empty()) {
        out.emplace_back(chat::Delta{
            kind_ == BlockKind::text ? DeltaKind::text : DeltaKind::reasoning, initial, {}});
    }
    if (type.equals("redacted_thinking"))
        out.emplace_back(chat::Delta{DeltaKind::seal, block["data"].text(), {}});
}

void Decoder::on_delta(View data, chat::Events& out) {
    if (!open_) return break_off("The stream holds a delta outside a block", out);
    const View delta = data["delta"];
    if (!delta.is_object()) return break_off("The stream holds a delta that is no object", out);
    const json::Text type = delta["type"].text();
    if (type.equals("text_delta") && kind_ == BlockKind::text) {
        out.emplace_back(chat::Delta{DeltaKind::text, delta["text"].text(), {}});
    } else if (type.equals("input_json_delta") && kind_ == BlockKind::tool_call) {
        out.emplace_back(chat::Delta{DeltaKind::arguments, delta["partial_json"].text(), {}});
    } else if (type.equals("thinking_delta") && kind_ == BlockKind::reasoning) {
        out.emplace_back(chat::Delta{DeltaKind::reasoning, delta["thinking"].text(), {}});
    } else if (type.equals("signature_delta") && kind_ == BlockKind::reasoning) {
        out.emplace_back(chat::Delta{DeltaKind::seal, delta["signature"].text(), {}});
    } else if (kind_ == BlockKind::opaque || kind_ == BlockKind::text) {
        out.emplace_back(chat::Delta{DeltaKind::opaque, {}, delta.raw()});
    }
}

void Decoder::on_block_stop(chat::Events& out) {
    if (!open_) return;
    open_ = false;
    out.emplace_back(chat::Closed{});
}

void Decoder::on_message_delta(View data, chat::Events& out) {
    if (const View reason = data["delta"]["stop_reason"]; reason.is_string())
        stop_ = stop_reason_of(reason.text());
    stop_sequence_ = data["delta"]["stop_sequence"].text().escaped();
    if (const View usage = data["usage"]; usage.is_object())
        out.emplace_back(chat::UsageReport{decode_usage(usage)});
}

void Decoder::on_stop(chat::Events& out) {
    on_block_stop(out);
    ended_ = true;
    out.emplace_back(chat::Finished{stop_, json::Text::from_escaped(stop_sequence_)});
}

void Decoder::finish(chat::Events& out) {
    if (!ended_) break_off("The stream ended without message_stop", out);
}

}  // namespace

std::unique_ptr<StreamDecoder> open_decoder(const Target& target) {
    return std::make_unique<Decoder>(target);
}

}  // namespace ccr::wire::anthropic
