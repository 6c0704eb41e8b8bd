// Conversation to Messages request.
#include <algorithm>

#include "wire/anthropic/losses.h"
#include "wire/anthropic/options_encode.h"
#include "wire/anthropic/parts.h"
#include "wire/anthropic/request.h"
#include "wire/unknown_members.h"

namespace ccr::wire::anthropic {
namespace {

using chat::Conversation;
using json::Writer;

constexpr Place kMessages("messages");
constexpr Place kTools("tools");

std::string_view role_name(chat::Role role) {
    switch (role) {
        case chat::Role::system:
            return "system";
        case chat::Role::assistant:
            return "assistant";
        case chat::Role::user:
            return "user";
    }
    return "user";
}

void encode_extras(Writer& w, const chat::Extras& extras, const Place& where,
                   chat::Losses& losses) {
    for (const auto& [key, raw] : extras.members) {
        if (extras.from == Protocol::anthropic)
            w.escaped_key(key).raw(raw);
        else if (!is_in_the_hub(extras, key))
            note(losses, where, key.decode(), Lost::member);
    }
}

// How many turns make up `system`. Messages' own client puts the prompt there itself and means
// every later system turn to stand where it stands; other clients open with any number of them.
std::size_t system_turns(const Conversation& c) {
    std::size_t count = 0;
    while (count < c.turns.size() && c.turns[count].role == chat::Role::system) ++count;
    return c.extras.from == Protocol::anthropic ? std::min<std::size_t>(count, 1) : count;
}

void encode_system(Writer& w, const Conversation& c, std::size_t count, chat::Losses& losses) {
    std::vector<chat::Part> parts;
    for (std::size_t i = 0; i < count; ++i) {
        parts.insert(parts.end(), c.turns[i].parts.begin(), c.turns[i].parts.end());
        for (const auto& [key, raw] : c.turns[i].extras.members)
            note(losses, "system", key.decode(), Lost::member);
    }
    const bool own = c.extras.from == Protocol::anthropic;
    if (count == 0 || (!own && std::ranges::none_of(parts, is_written))) return;
    w.key("system");
    encode_content(w, parts, Place("system"), ForeignThinking::leave_out, losses);
}

// Not every model takes a system turn in mid-conversation: from another client's it becomes the
// reminder that Claude Code itself falls back to.
void encode_reminder(Writer& w, const chat::Turn& turn) {
    w.open_object().member("role", "user").key("content").open_array();
    for (const chat::Part& part : turn.parts) {
        const json::Text text = text_of(part);
        if (text.empty()) continue;
        w.open_object().member("type", "text").key("text").quote_open();
        w.piece(json::Text::literal("<system-reminder>\\n")).piece(text);
        w.piece(json::Text::literal("\\n</system-reminder>")).quote_close().close_object();
    }
    w.close_array().close_object();
}

// Messages refuses a message without content.
bool says_nothing(const chat::Turn& turn) {
    if (turn.extras.from == Protocol::anthropic)
        return !turn.parts.empty() && std::ranges::all_of(turn.parts, is_foreign_thinking);
    const bool reminder = turn.role == chat::Role::system;
    return std::ranges::none_of(turn.parts, [&](const chat::Part& part) {
        return reminder ? !text_of(part).empty() : is_written(part);
    });
}

void encode_turn(Writer& w, const chat::Turn& turn, const Place& where, chat::Losses& losses) {
    const bool foreign = turn.extras.from != Protocol::anthropic;
    if (foreign && turn.role == chat::Role::system) return encode_reminder(w, turn);
    w.open_object().member("role", role_name(turn.role)).key("content");
    encode_content(w, turn.parts, where.member("content"), ForeignThinking::leave_out, losses);
    encode_extras(w, turn.extras, where, losses);
    w.close_object();
}

void encode_turns(Writer& w, const Conversation& c, chat::Losses& losses) {
    const std::size_t first = system_turns(c);
    encode_system(w, c, first, losses);
    w.key("messages").open_array();
    bool any = c.extras.from == Protocol::anthropic;
    for (std::size_t i = first; i < c.turns.size(); ++i) {
        const Place where = kMessages.element(i - first);
        if (says_nothing(c.turns[i])) {
            note(losses, where, Lost::empty_turn);
            continue;
        }
        any = true;
        encode_turn(w, c.turns[i], where, losses);
    }
    // Messages refuses a request without a message, which other protocols allow.
    if (!any)
        w.open_object().member("role", "user").member("content", "(no message)").close_object();
    w.close_array();
}

void encode_tool(Writer& w, const chat::Tool& tool, const Place& where, chat::Losses& losses) {
    if (!tool.server_type.empty()) {
        if (tool.extras.from == Protocol::anthropic)
            w.raw(tool.raw);
        else
            note(losses, where, tool.server_type.decode(), Lost::server_tool);
        return;
    }
    w.open_object().member("name", tool.name);
    if (!tool.description.empty()) w.member("description", tool.description);
    w.member_raw("input_schema",
                 tool.schema.empty() ? R"({"type":"object","properties":{}})" : tool.schema);
    const bool own = tool.extras.from == Protocol::anthropic;
    if (tool.strict && (own || *tool.strict)) w.key("strict").boolean(*tool.strict);
    if (!tool.cache.empty()) w.member_raw("cache_control", tool.cache);
    encode_extras(w, tool.extras, where, losses);
    w.close_object();
}

void encode_tools(Writer& w, const Conversation& c, chat::Losses& losses) {
    if (c.tools.empty()) return;
    w.key("tools").open_array();
    std::size_t index = 0;
    for (const chat::Tool& tool : c.tools) encode_tool(w, tool, kTools.element(index++), losses);
    w.close_array();
}

}  // namespace

Encoded encode_request(const Conversation& c, const Target& target) {
    Encoded out;
    Writer w(out.body);
    w.open_object().member("model", target.model);
    encode_turns(w, c, out.losses);
    encode_tools(w, c, out.losses);
    encode_options(w, c, out.losses);
    encode_extras(w, c.extras, Place("body"), out.losses);
    w.key("stream").boolean(target.stream).close_object();
    return out;
}

}  // namespace ccr::wire::anthropic
