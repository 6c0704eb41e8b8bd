// A complete answer is its own stream, folded into one response: both are written by the same
// rules.
#include "wire/gemini/answer_parts.h"
#include "wire/gemini/client_side.h"
#include "wire/gemini/finish_reasons.h"
#include "wire/gemini/signature.h"

namespace ccr::wire::gemini {
namespace {

using chat::Part;
using chat::Reply;
using json::Text;
using json::Writer;

// One visit for each kind of part. A seal waits for the part that follows, where Google puts its
// signatures.
class PartWriter {
  public:
    explicit PartWriter(Writer& w) : w_(w) {}

    void operator()(const chat::Prose& prose) { text(prose.text, false); }
    void operator()(const chat::Reasoning& reasoning) {
        if (!seal_.empty()) text({}, true);
        if (!reasoning.redacted && !reasoning.text.empty()) text(reasoning.text, true);
        seal_ = signature_for_client(reasoning);
    }
    void operator()(const chat::ToolCall& call) {
        write_call(w_, call.id, call.name, call.arguments, seal_);
        written(true);
    }
    void operator()(const chat::WebSearch& search) { searches_.push_back(search); }
    void operator()(const chat::Opaque& opaque) {
        if (opaque.from == Protocol::gemini) {
            w_.raw(opaque.raw);
            any_ = true;
        } else if (!opaque.stand_in.empty()) {
            text(opaque.stand_in, false);
        }
    }
    void operator()(const chat::Media&) {}
    void operator()(const chat::ToolResult&) {}

    /// The last part; an answer has at least one.
    void finish(bool refused) {
        if (!seal_.empty() || (!any_ && !refused)) text({}, false);
    }
    bool any() const { return any_; }
    const std::vector<chat::WebSearch>& searches() const { return searches_; }

  private:
    void text(Text text, bool thought) {
        // A thought's own seal comes after it.
        write_text(w_, text, thought, seal_);
        written(true);
    }
    void written(bool sealed) {
        any_ = true;
        if (sealed) seal_.clear();
    }
    Writer& w_;
    bool any_ = false;
    std::string seal_;  // escaped
    std::vector<chat::WebSearch> searches_;
};

void write_candidate(Writer& w, const Reply& reply, std::string_view parts,
                     const std::vector<chat::WebSearch>& searches) {
    w.key("candidates").open_array().open_object();
    w.key("content").open_object().member_raw("parts", parts);
    w.member("role", "model").close_object();
    w.member("finishReason", finish_reason_of(reply.stop)).member("index", std::int64_t{0});
    write_grounding(w, searches);
    w.close_object().close_array();
}

}  // namespace

std::string encode_reply(const Reply& reply, const AnswerContext& context) {
    std::string parts;
    Writer inner(parts);
    inner.open_array();
    PartWriter writer(inner);
    const bool refused = reply.stop == chat::StopReason::refusal;
    for (const Part& part : reply.parts) std::visit(writer, part.body);
    writer.finish(refused);
    inner.close_array();

    std::string out;
    Writer w(out);
    w.open_object();
    if (refused && !writer.any())
        write_blocked_prompt(w);
    else
        write_candidate(w, reply, parts, writer.searches());
    w.key("usageMetadata");
    write_usage(w, reply.usage, context.estimated_input_tokens);
    if (reply.model.empty())
        w.member("modelVersion", context.model);
    else
        w.member("modelVersion", reply.model);
    if (reply.id.empty())
        w.member("responseId", context.request_id);
    else
        w.member("responseId", reply.id);
    w.close_object();
    return out;
}

}  // namespace ccr::wire::gemini
