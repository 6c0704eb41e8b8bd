#include "wire/openai_responses/answer_items.h"
#include "wire/openai_responses/client_side.h"

namespace ccr::wire::openai_responses {
namespace {

using chat::Part;
using json::Text;
using json::Writer;

class OutputWriter {
  public:
    OutputWriter(const ResponseHead& head, const ToolShapes& shapes, std::string& out)
        : head_(head), shapes_(shapes), w_(out) {}

    void operator()(const chat::Prose& prose) {
        write_message(w_, head_.item_id("msg_", number_++), prose.text);
    }
    void operator()(const chat::Reasoning& reasoning) {
        const std::string sealed = encrypted_content(reasoning.from, reasoning.seal,
                                                     reasoning.redacted, reasoning.details);
        write_reasoning(w_, reasoning_id(head_, number_++, reasoning.from), reasoning.text,
                        Text::from_escaped(sealed));
    }
    void operator()(const chat::ToolCall& call) {
        const CallItem item = call_item(head_, number_++, call.id, call.name, shapes_);
        std::string input(call.arguments);
        if (item.kind == CallKind::custom) input = input_of_arguments(call.arguments);
        std::string escaped;
        json::escape_to(escaped, input);
        write_call(w_, item, "completed", Text::from_escaped(escaped));
    }
    void operator()(const chat::WebSearch& search) {
        const std::string own = head_.item_id("ws_", number_++);
        write_search(w_, search.id.empty() ? own : search.id.escaped(), "completed", search);
    }
    void operator()(const chat::Opaque& opaque) {
        ++number_;
        if (opaque.from == Protocol::openai_responses) w_.raw(opaque.raw);
    }
    // Neither occurs in a reply.
    void operator()(const chat::Media&) {}
    void operator()(const chat::ToolResult&) {}

  private:
    const ResponseHead& head_;
    const ToolShapes& shapes_;
    Writer w_;
    std::size_t number_ = 0;
};

}  // namespace

std::string encode_reply(const chat::Reply& reply, const AnswerContext& context) {
    const ResponseHead head(reply.id, reply.model, context);
    const ToolShapes shapes(context.asked);
    std::string output;
    OutputWriter writer(head, shapes, output);
    for (const Part& part : reply.parts) std::visit(writer, part.body);
    const Ending ending = ending_of(reply.stop);
    ResponseState state;
    state.status = ending.status;
    state.incomplete = ending.incomplete;
    state.output = output;
    state.usage = &reply.usage;
    state.estimated_input = context.estimated_input_tokens;
    std::string out;
    Writer w(out);
    write_response(w, head, state);
    return out;
}

}  // namespace ccr::wire::openai_responses
