// Responses request to Conversation. Field names: API reference, "Create a model response".
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "wire/openai_responses/client_side.h"
#include "wire/openai_responses/content_decode.h"
#include "wire/openai_responses/items_decode.h"
#include "wire/openai_responses/tools_decode.h"

namespace ccr::wire::openai_responses {
namespace {

using chat::Conversation;
using json::Text;
using json::View;

bool is_given(View value) {
    return value && !value.is_null();
}

// A router stores no answers.
Result<void> refuse_stored(View body) {
    for (const std::string_view key : {"previous_response_id", "conversation"}) {
        if (is_given(body[key]))
            return wrong(key, "No answers are stored here. Send the whole input instead");
    }
    if (body["background"].boolean().value_or(false))
        return wrong("background",
                     "No answers are stored here. Send the whole input without background, and "
                     "stream the answer");
    return {};
}

Result<void> decode_instructions(View value, Conversation& c) {
    if (!is_given(value)) return {};
    if (!value.is_string()) return wrong("instructions", "Expected a string");
    if (value.text().empty()) return {};
    chat::Turn turn;
    turn.role = chat::Role::system;
    turn.extras.from = Protocol::openai_responses;
    TRY(turn.parts, decode_content(value, "instructions", c.arena));
    c.turns.push_back(std::move(turn));
    return {};
}

// A client that asks for a summary wants to see the model think.
void decode_reasoning(View value, Conversation& c) {
    c.effort = chat::effort_of(value["effort"].text());
    View summary = value["summary"];
    if (!is_given(summary)) summary = value["generate_summary"];  // its older name
    const bool shown = summary.is_string() && !summary.text().equals("none");
    if (!c.effort && !shown) return;
    chat::Thinking thinking;
    if (c.effort == chat::Effort::none) thinking.mode = chat::Thinking::Mode::off;
    if (shown) thinking.display = Text::literal("summarized");
    c.thinking = thinking;
}

Result<void> decode_format(View format, Conversation& c) {
    if (!is_given(format)) return {};
    const Text type = format["type"].text();
    if (type.equals("text")) return {};
    chat::AnswerFormat out;
    out.json = true;
    if (type.equals("json_schema")) {
        out.schema = format["schema"].raw();
        out.name = format["name"].text();
        out.strict = format["strict"].boolean();
        if (out.schema.empty()) return wrong("text.format.schema", "Field required");
    } else if (!type.equals("json_object")) {
        return wrong("text.format.type", "Expected one of text, json_object, json_schema");
    }
    c.format = out;
    return {};
}

Result<void> decode_text(View text, Conversation& c) {
    c.verbosity = text["verbosity"].text();
    return decode_format(text["format"], c);
}

Result<void> decode_real(View value, Text key, std::optional<double>& out) {
    out = value.number();
    if (!out) return wrong(key.decode(), "Expected a number");
    return {};
}

// Members of `holder` that were not understood, under its own name.
void keep_rest(Text key, View holder, std::initializer_list<std::string_view> known,
               Conversation& c) {
    for (const auto member : holder.members()) {
        const bool is_known =
            std::ranges::any_of(known, [&](std::string_view name) { return member.named(name); });
        if (is_known || member.value.is_null()) continue;
        c.extras.members.emplace_back(key, holder.raw());
        return;
    }
}

bool is_read_elsewhere(Text key) {
    static constexpr auto kNames = std::to_array<std::string_view>(
        {"model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls",
         "previous_response_id", "conversation", "background"});
    return std::ranges::any_of(kNames, [&](std::string_view name) { return key.equals(name); });
}

Result<void> decode_member(Text key, View value, Conversation& c) {
    if (value.is_null() || is_read_elsewhere(key)) return {};
    if (key.equals("max_output_tokens")) {
        c.sampling.max_tokens = value.integer();
        if (!c.sampling.max_tokens || *c.sampling.max_tokens < 0)
            return wrong("max_output_tokens", "Expected a whole number");
        return {};
    }
    if (key.equals("temperature")) return decode_real(value, key, c.sampling.temperature);
    if (key.equals("top_p")) return decode_real(value, key, c.sampling.top_p);
    if (key.equals("stream")) {
        if (!value.boolean()) return wrong("stream", "Expected true or false");
        c.stream = *value.boolean();
        return {};
    }
    if (key.equals("text")) {
        keep_rest(key, value, {"format", "verbosity"}, c);
        return decode_text(value, c);
    }
    if (key.equals("reasoning")) {
        decode_reasoning(value, c);
        keep_rest(key, value, {"effort"}, c);
        return {};
    }
    if (key.equals("user") && value.is_string()) return c.user_id = value.text(), Result<void>();
    c.extras.members.emplace_back(key, value.raw());
    return {};
}

}  // namespace

Result<chat::Conversation> decode_request(View body, const Asked&) {
    if (!body.is_object()) return wrong("body", "Expected a JSON object");
    Conversation c;
    c.extras.from = Protocol::openai_responses;
    c.source_bytes = body.raw().size();
    const View model = body["model"];
    if (!model.is_string() || model.text().empty()) return wrong("model", "Field required");
    c.model = model.text();
    TRY_DO(refuse_stored(body));
    TRY_DO(decode_instructions(body["instructions"], c));
    TRY_DO(decode_tools(body["tools"], "tools", c));
    TRY_DO(decode_items(body["input"], c));
    TRY_DO(decode_tool_choice(body, c));
    for (const auto member : body.members()) {
        TRY_DO(decode_member(member.key(), member.value, c));
    }
    return c;
}

}  // namespace ccr::wire::openai_responses
