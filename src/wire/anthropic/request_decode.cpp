// Messages request to Conversation. Field names: Messages API, "Create a Message"; what Claude Code
// adds (system turns, adaptive thinking, deferred tools) is recorded traffic.
#include <fmt/format.h>

#include "wire/anthropic/names.h"
#include "wire/anthropic/parts.h"
#include "wire/anthropic/request.h"

namespace ccr::wire::anthropic {
namespace {

using chat::Conversation;
using json::View;

std::unexpected<Error> wrong(std::string_view where, std::string_view what) {
    return fail(ErrorKind::invalid_request, fmt::format("{}: {}", where, what));
}

Result<void> decode_turn(View message, const Place& where, Arena& arena, chat::Turn& turn) {
    if (!message.is_object()) return wrong(where.text(), "Input should be an object");
    turn.extras.from = Protocol::anthropic;
    const json::Text role = message["role"].text();
    if (role.equals("user"))
        turn.role = chat::Role::user;
    else if (role.equals("assistant"))
        turn.role = chat::Role::assistant;
    else if (role.equals("system"))
        turn.role = chat::Role::system;
    else
        return wrong(where.member("role").text(),
                     "Input should be 'user', 'assistant' or 'system'");
    TRY(turn.parts, decode_content(message["content"], where.member("content"), arena));
    for (const auto member : message.members()) {
        if (member.named("role") || member.named("content")) continue;
        turn.extras.members.emplace_back(member.key(), member.value.raw());
    }
    return {};
}

// The attribution text is for Anthropic alone: it changes with every request and breaks prefix
// caches.
void set_attribution_apart(View system, std::vector<chat::Part>& parts) {
    std::size_t index = 0;
    for (const View block : system.elements()) {
        chat::Part& part = parts[index++];
        const auto* prose = part.as<chat::Prose>();
        if (!prose || !prose->text.escaped().starts_with(kAttribution)) continue;
        part.body = chat::Opaque{Protocol::anthropic, json::Text::literal("text"), block.raw(), {}};
    }
}

Result<void> decode_system(View system, Conversation& c) {
    if (!system || system.is_null()) return {};
    chat::Turn turn;
    turn.role = chat::Role::system;
    turn.extras.from = Protocol::anthropic;
    TRY(turn.parts, decode_content(system, Place("system"), c.arena));
    set_attribution_apart(system, turn.parts);
    if (!turn.parts.empty()) c.turns.push_back(std::move(turn));
    return {};
}

Result<void> decode_messages(View messages, Conversation& c) {
    if (!messages) return wrong("messages", "Field required");
    if (!messages.is_array()) return wrong("messages", "Input should be a valid array");
    c.turns.reserve(c.turns.size() + messages.size());
    const Place where("messages");
    std::size_t index = 0;
    for (const View message : messages.elements()) {
        TRY_DO(decode_turn(message, where.element(index++), c.arena, c.turns.emplace_back()));
    }
    return {};
}

// A tool without a type, or of type "custom", is the client's own; every other type runs at the
// provider.
void decode_tool_members(View tool, chat::Tool& out) {
    for (const auto [key_node, value] : tool.members()) {
        const json::Text key = key_node.text();
        if (key.equals("name"))
            out.name = value.text();
        else if (key.equals("description"))
            out.description = value.text();
        else if (key.equals("input_schema"))
            out.schema = value.raw();
        else if (key.equals("strict"))
            out.strict = value.boolean();
        else if (key.equals("cache_control"))
            out.cache = value.is_null() ? std::string_view() : value.raw();
        else if (key.equals("type") && value.text().equals("custom"))
            continue;
        else if (key.equals("type"))
            out.server_type = value.text();
        else
            out.extras.members.emplace_back(key, value.raw());
    }
}

Result<void> decode_tools(View tools, Conversation& c) {
    if (!tools || tools.is_null()) return {};
    if (!tools.is_array()) return wrong("tools", "Input should be a valid array");
    c.tools.reserve(tools.size());
    const Place all("tools");
    std::size_t index = 0;
    for (const View tool : tools.elements()) {
        const Place where = all.element(index++);
        if (!tool.is_object()) return wrong(where.text(), "Input should be an object");
        chat::Tool& out = c.tools.emplace_back();
        out.extras.from = Protocol::anthropic;
        out.raw = tool.raw();
        decode_tool_members(tool, out);
        if (out.name.empty()) return wrong(where.member("name").text(), "Field required");
        out.placeholder = out.name.equals(kDeferredPlaceholder);
    }
    return {};
}

Result<void> decode_tool_choice(View choice, Conversation& c) {
    if (!choice || choice.is_null()) return {};
    chat::ToolChoice out;
    const json::Text type = choice["type"].text();
    if (type.equals("auto"))
        out.mode = chat::ToolMode::automatic;
    else if (type.equals("any"))
        out.mode = chat::ToolMode::required;
    else if (type.equals("none"))
        out.mode = chat::ToolMode::none;
    else if (type.equals("tool"))
        out.mode = chat::ToolMode::named;
    else if (type.empty())
        return wrong("tool_choice.type", "Input should be 'auto', 'any', 'tool' or 'none'");
    else
        return {};  // of a newer release: its default elsewhere, its own bytes on the verbatim lane
    out.name = choice["name"].text();
    if (out.mode == chat::ToolMode::named && out.name.empty())
        return wrong("tool_choice.name", "Field required");
    if (const auto serial = choice["disable_parallel_tool_use"].boolean()) out.parallel = !*serial;
    c.tool_choice = out;
    return {};
}

Result<void> decode_thinking(View thinking, Conversation& c) {
    if (!thinking || thinking.is_null()) return {};
    chat::Thinking out;
    const json::Text type = thinking["type"].text();
    if (type.equals("disabled"))
        out.mode = chat::Thinking::Mode::off;
    else if (type.equals("enabled"))
        out.mode = chat::Thinking::Mode::budget;
    else if (type.empty())
        return wrong("thinking.type", "Input should be 'adaptive', 'enabled' or 'disabled'");
    out.budget_tokens = thinking["budget_tokens"].integer().value_or(0);
    out.display = thinking["display"].text();
    c.thinking = out;
    return {};
}

void decode_output_config(View config, Conversation& c) {
    if (const View effort = config["effort"]; effort.is_string())
        c.effort = chat::effort_of(effort.text());
    const View format = config["format"];
    if (!format.is_object() || !format["type"].text().equals("json_schema")) return;
    chat::AnswerFormat out;
    out.json = true;
    out.schema = format["schema"].raw();
    out.name = format["name"].text();
    c.format = out;
}

Result<void> decode_sampling(View value, json::Text key, Conversation& c) {
    const auto number = value.number();
    if (value.is_null()) return {};
    if (key.equals("stop_sequences")) {
        if (!value.is_array()) return wrong("stop_sequences", "Input should be a valid array");
        for (const View stop : value.elements()) c.sampling.stop.push_back(stop.text());
        return {};
    }
    if (!number) return wrong(key.decode(), "Input should be a valid number");
    const bool whole = key.equals("max_tokens") || key.equals("top_k");
    if (whole && !value.integer()) return wrong(key.decode(), "Input should be a valid integer");
    if (key.equals("max_tokens"))
        c.sampling.max_tokens = value.integer();
    else if (key.equals("temperature"))
        c.sampling.temperature = number;
    else if (key.equals("top_p"))
        c.sampling.top_p = number;
    else
        c.sampling.top_k = value.integer();
    return {};
}

bool is_sampling(json::Text key) {
    return key.equals("max_tokens") || key.equals("temperature") || key.equals("top_p") ||
           key.equals("top_k") || key.equals("stop_sequences");
}

// Members whose decoding needs no order; messages and system are read before.
Result<void> decode_member(json::Text key, View value, Conversation& c) {
    if (is_sampling(key)) return decode_sampling(value, key, c);
    if (key.equals("tools")) return decode_tools(value, c);
    if (key.equals("tool_choice")) return decode_tool_choice(value, c);
    if (key.equals("thinking")) return decode_thinking(value, c);
    if (key.equals("stream")) {
        if (!value.boolean() && !value.is_null())
            return wrong("stream", "Input should be a valid boolean");
        c.stream = value.boolean().value_or(false);
        return {};
    }
    if (key.equals("output_config")) decode_output_config(value, c);
    if (key.equals("metadata")) c.user_id = value["user_id"].text();
    c.extras.members.emplace_back(key, value.raw());
    return {};
}

}  // namespace

Result<chat::Conversation> decode_request(View body, const Asked&) {
    if (!body.is_object()) return wrong("body", "Input should be an object");
    Conversation c;
    c.extras.from = Protocol::anthropic;
    c.source_bytes = body.raw().size();
    const View model = body["model"];
    if (!model.is_string() || model.text().empty()) return wrong("model", "Field required");
    c.model = model.text();
    TRY_DO(decode_system(body["system"], c));
    TRY_DO(decode_messages(body["messages"], c));
    for (const auto member : body.members()) {
        if (member.named("model") || member.named("system") || member.named("messages")) continue;
        TRY_DO(decode_member(member.key(), member.value, c));
    }
    return c;
}

}  // namespace ccr::wire::anthropic
