#include "plugin/openai_view.h"

#include <algorithm>

#include "wire/openai_chat/media_encode.h"
#include "wire/openai_chat/message_text.h"

namespace ccr::plugin {
namespace {

using chat::Part;
using json::Text;
using json::Writer;
using wire::openai_chat::is_bulk_media;
using wire::openai_chat::note_on;
using wire::openai_chat::text_of;

using Places = std::vector<std::size_t>;

std::string note_of(const Part& part) {
    const auto* media = part.as<chat::Media>();
    return media ? note_on(*media) : std::string();
}

void write_text(Writer& w, const Part& part) {
    if (const std::string note = note_of(part); !note.empty())
        w.string(note);
    else
        w.text(text_of(part));
}

void write_element(Writer& w, const Part& part) {
    if (is_bulk_media(part)) return wire::openai_chat::write_media(w, *part.as<chat::Media>());
    w.open_object().member("type", "text").key("text");
    write_text(w, part);
    if (!part.cache.empty()) w.member_raw("cache_control", part.cache);
    w.close_object();
}

// Most transformers expect the text itself where there is but one.
void write_content(Writer& w, const std::vector<Part>& parts, const Places& shown) {
    w.key("content");
    if (shown.empty()) {
        w.string("");
        return;
    }
    const Part& first = parts[shown.front()];
    if (shown.size() == 1 && !is_bulk_media(first) && first.cache.empty())
        return write_text(w, first);
    w.open_array();
    for (const std::size_t place : shown) write_element(w, parts[place]);
    w.close_array();
}

class MessagesView {
  public:
    MessagesView(Writer& w, std::vector<ViewedMessage>& out) : w_(w), out_(out) {}

    void add(const chat::Turn& turn, std::size_t number) {
        turn_ = number;
        if (turn.role == chat::Role::assistant) return assistant(turn.parts);
        for (std::size_t i = 0; i < turn.parts.size(); ++i) {
            if (turn.parts[i].as<chat::ToolResult>()) result(turn.parts[i], i);
        }
        const Places shown = shown_content(turn.parts);
        if (shown.empty()) return;
        open(turn.role == chat::Role::system ? "system" : "user").content = shown;
        write_content(w_, turn.parts, shown);
        w_.close_object();
    }

  private:
    ViewedMessage& open(std::string_view role) {
        w_.open_object().member("role", role);
        out_.push_back({turn_, std::nullopt, {}, {}, {}});
        return out_.back();
    }

    void result(const Part& part, std::size_t place) {
        const auto& result = *part.as<chat::ToolResult>();
        open("tool").result = place;
        w_.member("tool_call_id", result.call_id);
        write_content(w_, result.content, shown_content(result.content));
        if (!part.cache.empty()) w_.member_raw("cache_control", part.cache);
        w_.close_object();
    }

    void assistant(const std::vector<Part>& parts) {
        ViewedMessage shown{turn_, std::nullopt, shown_content(parts), {}, {}};
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto* reasoning = parts[i].as<chat::Reasoning>();
            if (reasoning && is_shown(*reasoning)) shown.reasoning.push_back(i);
            if (parts[i].as<chat::ToolCall>()) shown.calls.push_back(i);
        }
        if (shown.content.empty() && shown.reasoning.empty() && shown.calls.empty()) return;
        open("assistant") = shown;
        if (shown.content.empty() && !shown.calls.empty())
            w_.key("content").null();
        else
            write_content(w_, parts, shown.content);
        if (!shown.reasoning.empty()) thinking(parts, shown.reasoning);
        if (!shown.calls.empty()) {
            w_.key("tool_calls").open_array();
            for (const std::size_t i : shown.calls) write_call(w_, *parts[i].as<chat::ToolCall>());
            w_.close_array();
        }
        w_.close_object();
    }

    void thinking(const std::vector<Part>& parts, const Places& places) {
        std::string text;
        Text seal;
        for (const std::size_t i : places) {
            const auto& reasoning = *parts[i].as<chat::Reasoning>();
            text += reasoning.text.escaped();
            if (!reasoning.seal.empty()) seal = reasoning.seal;
        }
        w_.key("thinking");
        write_thinking(w_, Text::from_escaped(text), seal);
    }

    Writer& w_;
    std::vector<ViewedMessage>& out_;
    std::size_t turn_ = 0;
};

// Those that the provider itself runs are shown by their names, as in the reference.
void write_tool(Writer& w, const chat::Tool& tool) {
    if (!tool.server_type.empty() && tool.extras.from == Protocol::openai_chat) {
        w.raw(tool.raw);
        return;
    }
    w.open_object().member("type", "function").key("function").open_object();
    w.member("name", tool.name.empty() ? tool.server_type : tool.name);
    if (!tool.description.empty()) w.member("description", tool.description);
    if (!tool.schema.empty()) w.member_raw("parameters", tool.schema);
    w.close_object();
    if (!tool.cache.empty()) w.member_raw("cache_control", tool.cache);
    w.close_object();
}

void write_tools(Writer& w, const chat::Conversation& c, Places& shown) {
    for (std::size_t i = 0; i < c.tools.size(); ++i) {
        if (!c.tools[i].placeholder) shown.push_back(i);
    }
    if (shown.empty()) return;
    w.key("tools").open_array();
    for (const std::size_t i : shown) write_tool(w, c.tools[i]);
    w.close_array();
}

void write_tool_choice(Writer& w, const chat::ToolChoice& choice) {
    w.key("tool_choice");
    if (choice.mode == chat::ToolMode::named) {
        w.open_object().member("type", "function").key("function").open_object();
        w.member("name", choice.name).close_object().close_object();
    } else {
        const bool automatic = choice.mode == chat::ToolMode::automatic;
        w.string(automatic                                 ? "auto"
                 : choice.mode == chat::ToolMode::required ? "required"
                                                           : "none");
    }
    if (choice.parallel) w.key("parallel_tool_calls").boolean(*choice.parallel);
}

void write_sampling(Writer& w, const chat::Sampling& sampling) {
    if (sampling.max_tokens) w.member("max_tokens", *sampling.max_tokens);
    if (sampling.temperature) w.key("temperature").number(*sampling.temperature);
    if (sampling.top_p) w.key("top_p").number(*sampling.top_p);
    if (sampling.top_k) w.member("top_k", *sampling.top_k);
    if (sampling.stop.empty()) return;
    w.key("stop").open_array();
    for (const Text stop : sampling.stop) w.text(stop);
    w.close_array();
}

void write_reasoning(Writer& w, const chat::Conversation& c) {
    if (!c.thinking && !c.effort) return;
    w.key("reasoning").open_object();
    if (c.effort) w.member("effort", chat::name_of(*c.effort));
    if (c.thinking && c.thinking->mode == chat::Thinking::Mode::budget)
        w.member("max_tokens", c.thinking->budget_tokens);
    if (c.thinking) w.key("enabled").boolean(c.thinking->mode != chat::Thinking::Mode::off);
    w.close_object();
}

void write_format(Writer& w, const chat::AnswerFormat& format) {
    w.key("response_format").open_object();
    if (format.schema.empty()) {
        w.member("type", "json_object").close_object();
        return;
    }
    w.member("type", "json_schema").key("json_schema").open_object();
    w.member("name", format.name).member_raw("schema", format.schema);
    if (format.strict) w.key("strict").boolean(*format.strict);
    w.close_object().close_object();
}

void write_settings(Writer& w, const chat::Conversation& c) {
    if (c.tool_choice) write_tool_choice(w, *c.tool_choice);
    write_sampling(w, c.sampling);
    write_reasoning(w, c);
    if (c.format) write_format(w, *c.format);
    if (!c.verbosity.empty()) w.member("verbosity", c.verbosity);
    if (!c.user_id.empty()) w.member("user", c.user_id);
    if (c.extras.from != Protocol::openai_chat) return;
    for (const auto& [key, raw] : c.extras.members) w.escaped_key(key).raw(raw);
}

}  // namespace

std::vector<std::size_t> shown_content(const std::vector<Part>& parts) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Part& part = parts[i];
        const bool says = part.as<chat::Prose>() || is_bulk_media(part) || !text_of(part).empty() ||
                          !note_of(part).empty();
        if (says) out.push_back(i);
    }
    return out;
}

bool is_shown(const chat::Reasoning& reasoning) {
    return !reasoning.redacted && !(reasoning.text.empty() && reasoning.seal.empty());
}

void write_thinking(Writer& w, Text text, Text seal) {
    w.open_object().member("content", text);
    if (!seal.empty()) w.member("signature", seal);
    w.close_object();
}

void write_call(Writer& w, const chat::ToolCall& call) {
    w.open_object().member("id", call.id).member("type", "function").key("function");
    w.open_object().member("name", call.name).member("arguments", call.arguments);
    w.close_object().close_object();
}

OpenAiView view_of(const chat::Conversation& c, std::string_view model) {
    OpenAiView out;
    out.text.reserve(c.source_bytes + 4096);
    Writer w(out.text);
    w.open_object().member("model", model).key("messages").open_array();
    MessagesView messages(w, out.messages);
    for (std::size_t i = 0; i < c.turns.size(); ++i) messages.add(c.turns[i], i);
    w.close_array();
    write_tools(w, c, out.tools);
    write_settings(w, c);
    w.key("stream").boolean(c.stream).close_object();
    return out;
}

}  // namespace ccr::plugin
