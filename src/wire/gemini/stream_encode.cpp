// Events to GenerateContentResponse chunks (ai.google.dev/api/generate-content,
// "streamGenerateContent").
#include <algorithm>

#include "wire/gemini/answer_parts.h"
#include "wire/gemini/client_side.h"
#include "wire/gemini/finish_reasons.h"
#include "wire/gemini/signature.h"

namespace ccr::wire::gemini {
namespace {

using chat::BlockKind;
using chat::DeltaKind;
using json::Text;
using json::Writer;

constexpr std::string_view kBeginPart = R"(data: {"candidates":[{"content":{"parts":[)";
constexpr std::string_view kEndPart = R"(],"role":"model"},"index":0}],)";

// JSON of others may have line ends between its tokens; an event's data is one line.
std::string one_line(std::string json) {
    std::ranges::replace_if(json, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return json;
}

class Encoder final : public StreamEncoder {
  public:
    explicit Encoder(const AnswerContext& context)
        : request_id_(context.request_id),
          model_(context.model),
          estimated_input_(context.estimated_input_tokens) {}

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
    // No comment: Google's own SDK for JavaScript takes one for an answer that breaks off.
    void on(const chat::Ping&, std::string& out) {
        out.append(kBeginPart).append(R"({"text":""})");
        end_chunk(out);
    }

    void text(Text text, bool thought, std::string& out);
    void keep(const chat::WebSearch& search);
    void end_chunk(std::string& out) { out.append(kEndPart).append(suffix_).append("}\n\n"); }

    std::string request_id_, model_;
    std::int64_t estimated_input_;
    bool started_ = false, ended_ = false;
    bool any_ = false;    // a part was written
    std::string suffix_;  // of every chunk: model and id
    chat::Usage usage_;
    chat::Opened open_;  // strings in arena_
    Arena arena_;
    std::string arguments_, thought_;        // escaped, of the open block
    std::string own_seal_, details_;         // of the open reasoning block
    std::string seal_;                       // waits for the part that follows; escaped
    std::vector<chat::WebSearch> searches_;  // told at the end
};

void Encoder::on(const chat::Started& started, std::string&) {
    usage_.merge(started.usage);
    if (started_) return;
    started_ = true;
    Writer w(suffix_);
    if (started.model.empty())
        w.member("modelVersion", std::string_view(model_));
    else
        w.member("modelVersion", started.model);
    if (started.id.empty())
        w.member("responseId", std::string_view(request_id_));
    else
        w.member("responseId", started.id);
}

// Deltas of text are the hot path. A thought's own seal comes behind it.
void Encoder::text(Text text, bool thought, std::string& out) {
    out += kBeginPart;
    Writer w(out);
    write_text(w, text, thought, seal_);
    seal_.clear();
    any_ = true;
    end_chunk(out);
}

void Encoder::keep(const chat::WebSearch& search) {
    chat::WebSearch& kept = searches_.emplace_back();
    kept.query = search.query.kept(arena_);
    for (const chat::SearchHit& hit : search.hits)
        kept.hits.push_back({hit.url.kept(arena_), hit.title.kept(arena_)});
}

void Encoder::on(const chat::Opened& opened, std::string& out) {
    open_ = chat::Opened();
    open_.kind = opened.kind;
    switch (opened.kind) {
        case BlockKind::tool_call:
            open_.id = opened.id.kept(arena_);
            open_.name = opened.name.kept(arena_);
            arguments_.clear();
            return;
        case BlockKind::reasoning:
            if (!seal_.empty()) text({}, true, out);
            open_.redacted = opened.redacted;
            open_.from = {opened.from.protocol, opened.from.provider.kept(arena_),
                          opened.from.field.kept(arena_)};
            thought_.clear();
            own_seal_.clear();
            details_.clear();
            return;
        case BlockKind::web_search:
            return keep(opened.search);
        case BlockKind::opaque:
            if (opened.opaque.from != Protocol::gemini) return;
            out.append(kBeginPart).append(one_line(std::string(opened.opaque.raw)));
            any_ = true;
            return end_chunk(out);
        case BlockKind::text:
            return;
    }
}

void Encoder::on(const chat::Delta& delta, std::string& out) {
    switch (delta.kind) {
        case DeltaKind::text:
            if (!delta.text.empty()) text(delta.text, false, out);
            return;
        case DeltaKind::reasoning:
            if (open_.redacted || delta.text.empty()) return;
            if (open_.from.protocol != Protocol::gemini) thought_ += delta.text.escaped();
            return text(delta.text, true, out);
        case DeltaKind::arguments:
            arguments_ += delta.text.escaped();
            return;
        case DeltaKind::seal:
            own_seal_ = delta.text.escaped();
            return;
        case DeltaKind::details:
            details_ = delta.raw;
            return;
        case DeltaKind::opaque:
            return;  // of the block's own protocol
    }
}

void Encoder::on(const chat::Closed&, std::string& out) {
    if (open_.kind == BlockKind::reasoning) {
        seal_ = signature_for_client({Text::from_escaped(thought_), Text::from_escaped(own_seal_),
                                      open_.redacted, open_.from, details_});
    } else if (open_.kind == BlockKind::tool_call) {
        out += kBeginPart;
        Writer w(out);
        write_call(w, open_.id, open_.name, one_line(Text::from_escaped(arguments_).decode()),
                   seal_);
        seal_.clear();
        any_ = true;
        end_chunk(out);
    }
    open_.kind = BlockKind::text;
}

void Encoder::on(const chat::Finished& finished, std::string& out) {
    ended_ = true;
    out += "data: ";
    Writer w(out);
    w.open_object();
    if (finished.reason == chat::StopReason::refusal && !any_) {
        write_blocked_prompt(w);
    } else {
        w.key("candidates").open_array().open_object();
        w.key("content").open_object().key("parts").open_array();
        write_text(w, {}, false, seal_);  // Google's own last chunk holds an empty text
        w.close_array().member("role", "model").close_object();
        w.member("finishReason", finish_reason_of(finished.reason));
        w.member("index", std::int64_t{0});
        write_grounding(w, searches_);
        w.close_object().close_array();
    }
    w.key("usageMetadata");
    write_usage(w, usage_, estimated_input_);
    out.append(",").append(suffix_).append("}\n\n");
}

void Encoder::on(const chat::Failed& failed, std::string& out) {
    ended_ = true;
    out.append("data: ").append(encode_error(failed.error, request_id_)).append("\n\n");
}

}  // namespace

std::unique_ptr<StreamEncoder> open_encoder(const AnswerContext& context) {
    return std::make_unique<Encoder>(context);
}

}  // namespace ccr::wire::gemini
