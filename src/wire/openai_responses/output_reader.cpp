// Events and items: API reference, "Streaming events" and "The response object", output.
#include "wire/openai_responses/output_reader.h"

#include <algorithm>

#include "wire/openai_responses/names.h"
#include "wire/openai_responses/tool_shapes.h"

namespace ccr::wire::openai_responses {

using chat::StopReason;
using json::Text;
using json::View;

namespace {

constexpr Text kGap = Text::literal("\\n\\n");

bool is_told(const std::vector<std::int64_t>& told, std::int64_t part) {
    return std::ranges::find(told, part) != told.end();
}

}  // namespace

chat::Provenance OutputReader::from(const Item& item) const {
    return {Protocol::openai_responses, Text::from_escaped(provider_), Text::from_escaped(item.id)};
}

OutputReader::Kind OutputReader::kind_of(View item) {
    const Text type = item["type"].text();
    if (type.equals("message")) return Kind::message;
    if (type.equals("reasoning")) return Kind::reasoning;
    const bool client_search =
        type.equals("tool_search_call") && !item["execution"].text().equals("server");
    if (type.equals("function_call") || type.equals("custom_tool_call") || client_search)
        return Kind::call;
    return Kind::other;
}

OutputReader::Item* OutputReader::find(std::int64_t index, std::string_view id) {
    const auto same = [&](const Item& item) {
        if (index >= 0 && item.index >= 0) return item.index == index;
        return !id.empty() && item.id == id;
    };
    const auto found = std::find_if(items_.rbegin(), items_.rend(), same);
    return found == items_.rend() ? nullptr : &*found;
}

// An event without an index and an id is about the latest item of its kind.
OutputReader::Item& OutputReader::item_for(View event, Kind kind, chat::Events& out) {
    const std::int64_t index = event["output_index"].integer().value_or(-1);
    const std::string_view id = event["item_id"].text().escaped();
    Item* known = find(index, id);
    const bool bare = index < 0 && id.empty();
    if (!known && bare && !items_.empty() && items_.back().kind == kind) known = &items_.back();
    if (known) return *known;
    Item item;
    item.index = index;
    item.id = id;
    items_.push_back(std::move(item));
    begin(items_.back(), kind, out);
    return items_.back();
}

void OutputReader::begin(Item& item, Kind kind, chat::Events& out) {
    item.kind = kind;
    if (kind == Kind::call) item.key = blocks_.begin_call(out);
}

void OutputReader::describe_call(Item& item, View call) {
    item.custom = call["type"].text().equals("custom_tool_call");
    const Text call_id = call["call_id"].text();
    blocks_.call_id(item.key, call_id.empty() ? call["id"].text() : call_id);
    Text name = call["name"].text();
    if (call["type"].text().equals("tool_search_call")) name = Text::literal("tool_search");
    if (const Text space = call["namespace"].text(); !space.empty() && !name.empty())
        name = Text::from_plain(arena_.keep(flat_name(space.decode(), name.decode())), arena_);
    blocks_.call_name(item.key, name);
}

void OutputReader::added(View event, chat::Events& out) {
    const View item = event["item"];
    const std::int64_t index = event["output_index"].integer().value_or(-1);
    const std::string_view id = item["id"].text().escaped();
    Item* known = find(index, id);
    if (!known) {
        items_.emplace_back();
        known = &items_.back();
        known->index = index;
    }
    if (known->id.empty()) known->id = id;
    if (known->kind == Kind::unknown) begin(*known, kind_of(item), out);
    if (known->kind == Kind::call) describe_call(*known, item);
}

// --- texts ---

void OutputReader::text_piece(Item& item, std::int64_t part, Text text, chat::Events& out) {
    if (text.empty()) return;
    if (!is_told(item.told, part)) item.told.push_back(part);
    blocks_.text(text, out);
}

// A summary has several parts; a reader sees one text.
void OutputReader::reasoning_piece(Item& item, std::string_view from_key, std::int64_t part,
                                   Text text, chat::Events& out) {
    if (text.empty()) return;
    if (item.reasoning_from.empty()) item.reasoning_from = from_key;
    if (item.reasoning_from != from_key) return;  // the same thoughts once more, in full
    if (!is_told(item.told, part)) {
        if (!item.told.empty()) blocks_.reasoning(kGap, from(item), out);
        item.told.push_back(part);
    }
    blocks_.reasoning(text, from(item), out);
}

bool OutputReader::read_text(std::string_view type, View event, chat::Events& out) {
    const bool refusal = type.starts_with("refusal.");
    const bool piece = type == "output_text.delta" || type == "refusal.delta";
    const bool whole = type == "output_text.done" || type == "refusal.done";
    if (!piece && !whole) return false;
    refused_ = refused_ || refusal;
    Item& item = item_for(event, Kind::message, out);
    const std::int64_t part = event["content_index"].integer().value_or(0);
    if (piece)
        text_piece(item, part, event["delta"].text(), out);
    else if (!item.done && !is_told(item.told, part))
        text_piece(item, part, event[refusal ? "refusal" : "text"].text(), out);
    return true;
}

bool OutputReader::read_reasoning(std::string_view type, View event, chat::Events& out) {
    const bool summary = type.starts_with("reasoning_summary_text.");
    if (!summary && !type.starts_with("reasoning_text.")) return false;
    Item& item = item_for(event, Kind::reasoning, out);
    const std::string_view key = summary ? "summary" : "content";
    const std::int64_t part =
        event[summary ? "summary_index" : "content_index"].integer().value_or(0);
    if (type.ends_with(".delta"))
        reasoning_piece(item, key, part, event["delta"].text(), out);
    else if (!item.done && !is_told(item.told, part))
        reasoning_piece(item, key, part, event["text"].text(), out);
    return true;
}

// --- calls ---

// A custom tool's plain input becomes a string inside the arguments of a function.
void OutputReader::arguments_piece(Item& item, Text text, chat::Events& out) {
    if (text.empty()) return;
    if (!item.custom) {
        item.has_arguments = true;
        return blocks_.call_arguments(item.key, text, out);
    }
    if (!item.has_arguments)
        blocks_.call_arguments(item.key, Text::literal(R"({\"input\":\")"), out);
    item.has_arguments = true;
    blocks_.call_arguments(item.key, Text::from_plain(text.escaped(), arena_), out);
}

void OutputReader::end_arguments(Item& item, View whole, chat::Events& out) {
    if (item.done) return;
    if (!item.has_arguments && whole.is_object()) {
        arguments_piece(item, Text::from_plain(arena_.keep(whole.raw()), arena_), out);
    } else if (!item.has_arguments) {
        arguments_piece(item, whole.text().kept(arena_), out);
    }
    if (item.custom && !item.has_arguments)
        blocks_.call_arguments(item.key, Text::literal(R"({\"input\":\"\"})"), out);
    else if (item.custom)
        blocks_.call_arguments(item.key, Text::literal(R"(\"})"), out);
    item.done = true;
    blocks_.end_call(item.key, out);
}

bool OutputReader::read_arguments(std::string_view type, View event, chat::Events& out) {
    const bool custom = type.starts_with("custom_tool_call_input.");
    if (!custom && !type.starts_with("function_call_arguments.")) return false;
    Item& item = item_for(event, Kind::call, out);
    if (item.kind != Kind::call || item.done) return true;
    item.custom = custom;
    if (type.ends_with(".delta"))
        arguments_piece(item, event["delta"].text(), out);
    else if (!item.has_arguments)
        arguments_piece(item, event[custom ? "input" : "arguments"].text(), out);
    return true;
}

// --- whole items ---

void OutputReader::message_done(View item, Item& known, chat::Events& out) {
    std::int64_t part = -1;
    for (const View content : item["content"].elements()) {
        ++part;
        for (const View annotation : content["annotations"].elements()) citations_.cite(annotation);
        const bool refusal = content["type"].text().equals("refusal");
        refused_ = refused_ || refusal;
        if (!is_told(known.told, part))
            text_piece(known, part, content[refusal ? "refusal" : "text"].text(), out);
    }
    blocks_.end_block();
}

void OutputReader::reasoning_done(View item, Item& known, chat::Events& out) {
    for (const std::string_view key : {"summary", "content"}) {
        std::int64_t part = -1;
        for (const View piece : item[key].elements()) {
            if (!is_told(known.told, ++part))
                reasoning_piece(known, key, part, piece["text"].text(), out);
        }
    }
    blocks_.seal(item["encrypted_content"].text(), from(known), out);
    blocks_.end_block();
}

void OutputReader::call_done(View item, Item& known, chat::Events& out) {
    describe_call(known, item);
    end_arguments(known, item[known.custom ? "input" : "arguments"], out);
}

// What ran at the provider is nothing to another protocol.
void OutputReader::other_done(View item, chat::Events& out) {
    const Text type = item["type"].text();
    if (type.equals("web_search_call")) return citations_.searched(item, blocks_, out);
    if (!item.is_object() || type.empty()) return;
    blocks_.opaque({Protocol::openai_responses, type, item.raw(), {}}, out);
}

void OutputReader::done(View item, Item& known, chat::Events& out) {
    if (known.done) return;
    switch (known.kind) {
        case Kind::message:
            message_done(item, known, out);
            break;
        case Kind::reasoning:
            reasoning_done(item, known, out);
            break;
        case Kind::call:
            call_done(item, known, out);
            break;
        case Kind::other:
        case Kind::unknown:
            other_done(item, out);
    }
    known.done = true;
}

void OutputReader::read(std::string_view type, View event, chat::Events& out) {
    if (type == "output_item.added") return added(event, out);
    if (type == "output_item.done") {
        added(event, out);  // some servers tell an item only when it is done
        const std::int64_t index = event["output_index"].integer().value_or(-1);
        Item* known = find(index, event["item"]["id"].text().escaped());
        return done(event["item"], known ? *known : items_.back(), out);
    }
    if (type == "output_text.annotation.added") return citations_.cite(event["annotation"]);
    if (read_text(type, event, out) || read_reasoning(type, event, out)) return;
    read_arguments(type, event, out);
}

void OutputReader::read_output(View output, chat::Events& out) {
    std::int64_t index = -1;
    const bool any_told = !items_.empty();
    for (const View item : output.elements()) {
        ++index;
        Item* known = find(any_told ? -1 : index, item["id"].text().escaped());
        if (!known && any_told) known = find(index, {});
        if (!known) {
            items_.emplace_back();
            known = &items_.back();
            known->index = index;
            known->id = item["id"].text().escaped();
            begin(*known, kind_of(item), out);
        }
        done(item, *known, out);
    }
}

chat::Finished OutputReader::finish(StopReason reason, chat::Events& out) {
    citations_.finish(blocks_, out);
    blocks_.finish(out);
    if (refused_) reason = StopReason::refusal;
    if (blocks_.had_calls() && reason == StopReason::end_turn) reason = StopReason::tool_use;
    return {reason, {}};
}

}  // namespace ccr::wire::openai_responses
