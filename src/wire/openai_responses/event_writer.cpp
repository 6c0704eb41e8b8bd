#include "wire/openai_responses/event_writer.h"

namespace ccr::wire::openai_responses {

using json::Text;
using json::Writer;

namespace {

// Texts of an answer have a member of their own for the probabilities that nobody asked for.
bool is_output_text(std::string_view type) {
    return type.starts_with("response.output_text.");
}

}  // namespace

Writer EventWriter::begin(std::string_view type, std::string& out) {
    out.append("event: ").append(type).append("\ndata: ");
    Writer w(out);
    w.open_object().member("type", type).member("sequence_number", sequence_++);
    return w;
}

void EventWriter::end(Writer& w, std::string& out) {
    w.close_object();
    out += "\n\n";
}

Writer EventWriter::begin_inside(std::string_view type, std::string_view index, std::string& out) {
    Writer w = begin(type, out);
    w.member("item_id", Text::from_escaped(item_id_));
    w.member("output_index", static_cast<std::int64_t>(index_));
    out += index;
    return w;
}

void EventWriter::item_added(std::string_view id, std::string_view item, std::string& out) {
    item_id_ = id;
    Writer w = begin("response.output_item.added", out);
    w.member("output_index", static_cast<std::int64_t>(index_)).member_raw("item", item);
    end(w, out);
}

void EventWriter::item_done(std::string_view item, std::string& out) {
    Writer w = begin("response.output_item.done", out);
    w.member("output_index", static_cast<std::int64_t>(index_)).member_raw("item", item);
    end(w, out);
    if (!output_.empty()) output_ += ',';
    output_ += item;
    ++index_;
}

void EventWriter::delta(std::string_view type, std::string_view index, Text text,
                        std::string& out) {
    out.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type);
    out.append("\",\"sequence_number\":").append(std::to_string(sequence_++));
    out.append(",\"item_id\":\"").append(item_id_).append("\",\"output_index\":");
    out.append(std::to_string(index_)).append(index).append(",\"delta\":\"");
    out.append(text.escaped()).append("\"");
    if (is_output_text(type)) out += ",\"logprobs\":[]";
    out += "}\n\n";
}

void EventWriter::done(std::string_view type, std::string_view index, std::string_view member,
                       Text text, std::string& out) {
    Writer w = begin_inside(type, index, out);
    w.member(member, text);
    if (is_output_text(type)) w.member_raw("logprobs", "[]");
    end(w, out);
}

void EventWriter::response(std::string_view type, const ResponseHead& head, ResponseState state,
                           std::string& out) {
    state.output = output_;
    Writer w = begin(type, out);
    w.key("response");
    write_response(w, head, state);
    end(w, out);
}

}  // namespace ccr::wire::openai_responses
