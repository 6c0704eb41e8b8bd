// Events to chat.completion.chunk messages (API reference, "The chat completion chunk object").
#include "wire/answer_id.h"
#include "wire/openai_chat/answer_parts.h"
#include "wire/openai_chat/client_side.h"

namespace ccr::wire::openai_chat {
namespace {

using chat::BlockKind;
using chat::DeltaKind;
using json::Writer;

class Encoder final : public StreamEncoder {
  public:
    explicit Encoder(const AnswerContext& context)
        : request_id_(context.request_id),
          model_(context.model),
          estimated_input_(context.estimated_input_tokens),
          include_usage_(context.include_usage) {}

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

    void open_call(const chat::Opened& opened, std::string& out);
    void call_arguments(std::string_view escaped, std::string& out);
    void sealed(json::Text seal, std::string& out);

    std::string request_id_, model_;
    std::int64_t estimated_input_;
    bool include_usage_;
    bool started_ = false, ended_ = false;
    std::string prefix_;  // of every chunk, up to its choices
    chat::Usage usage_;
    chat::Opened open_;           // reasoning blocks: where they come from
    Arena arena_;                 // holds open_'s strings
    std::int64_t calls_ = 0;      // tool calls opened so far
    bool has_arguments_ = false;  // of the open call
};

constexpr std::string_view kBeginDelta = R"("choices":[{"index":0,"delta":)";
constexpr std::string_view kEndDelta = R"(,"logprobs":null,"finish_reason":null}]})"
                                       "\n\n";

void Encoder::on(const chat::Started& started, std::string& out) {
    usage_.merge(started.usage);
    if (started_) return;
    started_ = true;
    prefix_ = "data: ";
    Writer w(prefix_);
    w.open_object();
    const std::string own_id = answer_id("chatcmpl-", request_id_);
    write_head(w, "chat.completion.chunk", {started.id, own_id, started.model, model_});
    prefix_ += ',';
    out.append(prefix_)
        .append(kBeginDelta)
        .append(R"({"role":"assistant","content":""})")
        .append(kEndDelta);
}

void Encoder::open_call(const chat::Opened& opened, std::string& out) {
    has_arguments_ = false;
    out.append(prefix_).append(kBeginDelta);
    Writer w(out);
    w.open_object().key("tool_calls").open_array().open_object().member("index", calls_++);
    if (opened.id.empty())
        w.member("id", "call_" + request_id_ + "_" + std::to_string(calls_));
    else
        w.member("id", opened.id);
    w.member("type", "function").key("function").open_object();
    w.member("name", opened.name).member("arguments", "").close_object();
    w.close_object().close_array().close_object();
    out += kEndDelta;
}

void Encoder::on(const chat::Opened& opened, std::string& out) {
    open_ = chat::Opened();
    open_.kind = opened.kind;
    if (opened.kind == BlockKind::tool_call) return open_call(opened, out);
    if (opened.kind == BlockKind::reasoning) {
        open_.redacted = opened.redacted;
        open_.from = {opened.from.protocol, opened.from.provider.kept(arena_),
                      opened.from.field.kept(arena_)};
    }
    if (opened.kind != BlockKind::web_search || opened.search.hits.empty()) return;
    out.append(prefix_).append(kBeginDelta);
    Writer w(out);
    w.open_object().key("annotations").open_array();
    write_citations(w, opened.search);
    w.close_array().close_object();
    out += kEndDelta;
}

void Encoder::call_arguments(std::string_view escaped, std::string& out) {
    if (escaped.empty()) return;
    has_arguments_ = true;
    out.append(prefix_).append(kBeginDelta).append(R"({"tool_calls":[{"index":)");
    out += std::to_string(calls_ - 1);
    out.append(R"(,"function":{"arguments":")").append(escaped).append("\"}}]}").append(kEndDelta);
}

void Encoder::sealed(json::Text seal, std::string& out) {
    if (seal.empty()) return;
    out.append(prefix_).append(kBeginDelta);
    Writer w(out);
    w.open_object().key("reasoning_details").open_array();
    write_sealed_detail(w, seal, open_.redacted, open_.from, {});
    w.close_array().close_object();
    out += kEndDelta;
}

void Encoder::on(const chat::Delta& delta, std::string& out) {
    const std::string_view text = delta.text.escaped();
    switch (delta.kind) {
        case DeltaKind::text:
            out.append(prefix_)
                .append(kBeginDelta)
                .append(R"({"content":")")
                .append(text)
                .append("\"}")
                .append(kEndDelta);
            return;
        case DeltaKind::reasoning:
            out.append(prefix_)
                .append(kBeginDelta)
                .append(R"({"reasoning_content":")")
                .append(text)
                .append("\"}")
                .append(kEndDelta);
            return;
        case DeltaKind::arguments:
            return call_arguments(text, out);
        case DeltaKind::seal:
            return sealed(delta.text, out);
        case DeltaKind::details:
            if (delta.raw.empty()) return;
            out.append(prefix_)
                .append(kBeginDelta)
                .append(R"({"reasoning_details":)")
                .append(delta.raw)
                .append("}")
                .append(kEndDelta);
            return;
        case DeltaKind::opaque:
            return;  // citations and the like: of the block's own protocol
    }
}

void Encoder::on(const chat::Closed&, std::string& out) {
    // A client parses what it gathered: "no arguments" must be an object too.
    if (open_.kind == BlockKind::tool_call && !has_arguments_) call_arguments("{}", out);
    open_.kind = BlockKind::text;
}

void Encoder::on(const chat::Finished& finished, std::string& out) {
    ended_ = true;
    out.append(prefix_).append(kBeginDelta).append(R"({},"logprobs":null,"finish_reason":")");
    out.append(client_finish_reason(finished.reason)).append("\"}]}\n\n");
    if (include_usage_) {
        out.append(prefix_).append(R"("choices":[],"usage":)");
        Writer w(out);
        write_usage(w, usage_, estimated_input_);
        out += "}\n\n";
    }
    out += "data: [DONE]\n\n";
}

void Encoder::on(const chat::Failed& failed, std::string& out) {
    ended_ = true;
    out += "data: ";
    out += encode_error(failed.error, request_id_);
    out += "\n\n";
}

}  // namespace

std::unique_ptr<StreamEncoder> open_encoder(const AnswerContext& context) {
    return std::make_unique<Encoder>(context);
}

}  // namespace ccr::wire::openai_chat
