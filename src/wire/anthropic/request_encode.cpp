// Conversation to Messages request.
#include <fmt/format.h>

#include <algorithm>

#include "wire/anthropic/parts.h"
#include "wire/anthropic/request.h"

namespace ccr::wire::anthropic {
namespace {

using chat::Conversation;
using json::Writer;

constexpr std::int64_t kDefaultMaxTokens =
    32'000;  // Messages requires the field; the client's own default

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

void encode_extras(Writer& w, const chat::Extras& extras, const std::string& where,
                   chat::Losses& losses) {
    for (const auto& [key, raw] : extras.members) {
        if (extras.from == Protocol::anthropic)
            w.escaped_key(key).raw(raw);
        else
            losses.push_back({where, key.decode(), "unknown to the Messages protocol"});
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
    if (count == 0) return;
    std::vector<chat::Part> parts;
    for (std::size_t i = 0; i < count; ++i) {
        parts.insert(parts.end(), c.turns[i].parts.begin(), c.turns[i].parts.end());
        for (const auto& [key, raw] : c.turns[i].extras.members)
            losses.push_back({"system", key.decode(), "`system` has no place for it"});
    }
    w.key("system");
    encode_content(w, parts, Place("system"), ForeignThinking::leave_out, losses);
}

// Not every model takes a system turn in mid-conversation: from another client's it becomes the
// reminder that Claude Code itself falls back to.
void encode_reminder(Writer& w, const chat::Turn& turn) {
    w.open_object().member("role", "user").key("content").open_array();
    for (const chat::Part& part : turn.parts) {
        const auto* prose = part.as<chat::Prose>();
        if (!prose) continue;
        w.open_object()
            .member("type", "text")
            .key("text")
            .quote_open()
            .piece(json::Text::literal("<system-reminder>\\n"));
        w.piece(prose->text)
            .piece(json::Text::literal("\\n</system-reminder>"))
            .quote_close()
            .close_object();
    }
    w.close_array().close_object();
}

void encode_turn(Writer& w, const chat::Turn& turn, const std::string& where,
                 chat::Losses& losses) {
    const bool foreign = turn.extras.from != Protocol::anthropic;
    if (foreign && turn.role == chat::Role::system) return encode_reminder(w, turn);
    // Messages refuses a message without content.
    if (!turn.parts.empty() && std::ranges::all_of(turn.parts, is_foreign_thinking)) {
        return losses.push_back(
            {where, "thinking", "made by another provider, and all that the message held"});
    }
    w.open_object().member("role", role_name(turn.role)).key("content");
    encode_content(w, turn.parts, Place(where).member("content"), ForeignThinking::leave_out,
                   losses);
    encode_extras(w, turn.extras, where, losses);
    w.close_object();
}

void encode_turns(Writer& w, const Conversation& c, chat::Losses& losses) {
    const std::size_t first = system_turns(c);
    encode_system(w, c, first, losses);
    w.key("messages").open_array();
    for (std::size_t i = first; i < c.turns.size(); ++i) {
        encode_turn(w, c.turns[i], fmt::format("messages.{}", i - first), losses);
    }
    w.close_array();
}

void encode_tool(Writer& w, const chat::Tool& tool, const std::string& where,
                 chat::Losses& losses) {
    if (!tool.server_type.empty()) {
        if (tool.extras.from == Protocol::anthropic)
            w.raw(tool.raw);
        else
            losses.push_back(
                {where, tool.server_type.decode(), "a tool that only its own provider can run"});
        return;
    }
    w.open_object().member("name", tool.name);
    if (!tool.description.empty()) w.member("description", tool.description);
    w.member_raw("input_schema",
                 tool.schema.empty() ? R"({"type":"object","properties":{}})" : tool.schema);
    if (tool.strict) w.key("strict").boolean(*tool.strict);
    if (!tool.cache.empty()) w.member_raw("cache_control", tool.cache);
    encode_extras(w, tool.extras, where, losses);
    w.close_object();
}

void encode_tools(Writer& w, const Conversation& c, chat::Losses& losses) {
    if (c.tools.empty()) return;
    w.key("tools").open_array();
    std::size_t index = 0;
    for (const chat::Tool& tool : c.tools)
        encode_tool(w, tool, fmt::format("tools.{}", index++), losses);
    w.close_array();
}

std::string_view choice_name(chat::ToolMode mode) {
    switch (mode) {
        case chat::ToolMode::automatic:
            return "auto";
        case chat::ToolMode::required:
            return "any";
        case chat::ToolMode::none:
            return "none";
        case chat::ToolMode::named:
            return "tool";
    }
    return "auto";
}

void encode_tool_choice(Writer& w, const chat::ToolChoice& choice) {
    w.key("tool_choice").open_object().member("type", choice_name(choice.mode));
    if (choice.mode == chat::ToolMode::named) w.member("name", choice.name);
    if (choice.parallel) w.key("disable_parallel_tool_use").boolean(!*choice.parallel);
    w.close_object();
}

void encode_thinking(Writer& w, const chat::Thinking& thinking) {
    using Mode = chat::Thinking::Mode;
    w.key("thinking").open_object();
    switch (thinking.mode) {
        case Mode::off:
            w.member("type", "disabled");
            break;
        case Mode::adaptive:
            w.member("type", "adaptive");
            break;
        case Mode::budget:
            w.member("type", "enabled").member("budget_tokens", thinking.budget_tokens);
            break;
    }
    if (!thinking.display.empty()) w.member("display", thinking.display);
    w.close_object();
}

void encode_sampling(Writer& w, const chat::Sampling& sampling) {
    w.member("max_tokens", sampling.max_tokens.value_or(kDefaultMaxTokens));
    if (sampling.temperature) w.key("temperature").number(*sampling.temperature);
    if (sampling.top_p) w.key("top_p").number(*sampling.top_p);
    if (sampling.top_k) w.member("top_k", *sampling.top_k);
    if (sampling.stop.empty()) return;
    w.key("stop_sequences").open_array();
    for (const json::Text stop : sampling.stop) w.text(stop);
    w.close_array();
}

// From Messages itself, output_config and metadata travel whole among the extras.
void encode_foreign_members(Writer& w, const Conversation& c, chat::Losses& losses) {
    if (!c.user_id.empty())
        w.key("metadata").open_object().member("user_id", c.user_id).close_object();
    if (!c.verbosity.empty())
        losses.push_back({"verbosity", c.verbosity.decode(), "no member of Messages"});
    if (!c.effort && !c.format) return;
    if (c.format && c.format->schema.empty()) {
        losses.push_back(
            {"response_format", "json_object", "Messages has no JSON mode without a schema"});
    }
    w.key("output_config").open_object();
    if (c.effort) w.member("effort", chat::name_of(*c.effort));
    if (c.format && !c.format->schema.empty()) {
        w.key("format")
            .open_object()
            .member("type", "json_schema")
            .member_raw("schema", c.format->schema)
            .close_object();
    }
    w.close_object();
}

}  // namespace

Encoded encode_request(const Conversation& c, const Target& target) {
    Encoded out;
    Writer w(out.body);
    w.open_object().member("model", target.model);
    encode_turns(w, c, out.losses);
    encode_tools(w, c, out.losses);
    if (c.tool_choice) encode_tool_choice(w, *c.tool_choice);
    if (c.thinking) encode_thinking(w, *c.thinking);
    encode_sampling(w, c.sampling);
    if (c.extras.from != Protocol::anthropic) encode_foreign_members(w, c, out.losses);
    encode_extras(w, c.extras, "body", out.losses);
    w.key("stream").boolean(target.stream).close_object();
    return out;
}

}  // namespace ccr::wire::anthropic
