// Shapes: API reference, "Create a model response", tools and tool_choice.
#include "wire/openai_responses/tools_encode.h"

#include <algorithm>

#include "json/document.h"
#include "wire/openai_responses/losses.h"
#include "wire/openai_responses/names.h"

namespace ccr::wire::openai_responses {
namespace {

using chat::Conversation;
using chat::Tool;
using json::Writer;

constexpr Place kTools("tools");

bool is_own(const Tool& tool) {
    return tool.extras.from == Protocol::openai_responses;
}

// A search of the web that some provider runs is there with this one too.
bool is_web_search(const Tool& tool) {
    return tool.server_type.escaped().starts_with("web_search");
}

bool is_sent(const Tool& tool) {
    if (tool.placeholder) return false;
    return tool.server_type.empty() || is_own(tool) || is_web_search(tool);
}

void encode_web_search(Writer& w, const Tool& tool, const Place& where, chat::Losses& losses) {
    w.open_object().member("type", "web_search");
    for (const auto& [key, raw] : tool.extras.members) {
        if (key.equals("allowed_domains"))
            w.key("filters").open_object().member_raw("allowed_domains", raw).close_object();
        else
            note(losses, where, key.decode(), Lost::search_member);
    }
    w.close_object();
}

// `strict` is on by default here and off everywhere else.
void encode_function(Writer& w, const Tool& tool) {
    w.open_object().member("type", "function").member("name", tool.name);
    if (!tool.description.empty()) w.member("description", tool.description);
    w.member_raw("parameters", tool.schema.empty() ? kNoArguments : tool.schema);
    if (tool.strict || !is_own(tool)) w.key("strict").boolean(tool.strict.value_or(false));
    if (is_own(tool)) {
        for (const auto& [key, raw] : tool.extras.members) w.escaped_key(key).raw(raw);
    }
    w.close_object();
}

void encode_tool(Writer& w, const Tool& tool, const Place& where, chat::Losses& losses) {
    if (!tool.server_type.empty() && !is_own(tool))
        encode_web_search(w, tool, where, losses);
    else if (is_plain_function(tool))
        encode_function(w, tool);
    else
        w.raw(tool.raw);
}

void lose_tool(const Tool& tool, const Place& where, chat::Losses& losses) {
    if (tool.placeholder)
        note(losses, where, Lost::placeholder_tool);
    else
        note(losses, where, tool.server_type.decode(), Lost::server_tool);
}

bool encode_list(Writer& w, const Conversation& c, chat::Losses& losses) {
    const bool any = std::ranges::any_of(c.tools, is_sent);
    if (any) w.key("tools").open_array();
    std::size_t index = 0;
    const char* latest = nullptr;  // the functions of a namespace are one tool
    for (const Tool& tool : c.tools) {
        const Place where = kTools.element(index++);
        const bool again = is_own(tool) && !tool.raw.empty() && tool.raw.data() == latest;
        latest = tool.raw.data();
        if (!is_sent(tool))
            lose_tool(tool, where, losses);
        else if (!again)
            encode_tool(w, tool, where, losses);
    }
    if (any) w.close_array();
    return any;
}

void encode_named(Writer& w, const Conversation& c, const ToolShapes& shapes, json::Text name) {
    w.open_object();
    for (const Tool& tool : c.tools) {
        if (tool.server_type.empty() || !(tool.name == name)) continue;
        if (is_own(tool))
            w.member("type", tool.server_type).close_object();
        else
            w.member("type", "web_search").close_object();
        return;
    }
    const CallShape* shape = shapes.find(name);
    if (!shape) {
        w.member("type", "function").member("name", name).close_object();
        return;
    }
    if (shape->kind == CallKind::tool_search) {
        w.member("type", kToolSearch).close_object();
        return;
    }
    w.member("type", shape->kind == CallKind::custom ? "custom" : "function");
    w.member("name", std::string_view(shape->name));
    if (!shape->space.empty()) w.member("namespace", std::string_view(shape->space));
    w.close_object();
}

void encode_choice(Writer& w, const Conversation& c, const ToolShapes& shapes) {
    const chat::ToolChoice& choice = *c.tool_choice;
    w.key("tool_choice");
    switch (choice.mode) {
        case chat::ToolMode::automatic:
            w.string("auto");
            break;
        case chat::ToolMode::required:
            w.string("required");
            break;
        case chat::ToolMode::none:
            w.string("none");
            break;
        case chat::ToolMode::named:
            encode_named(w, c, shapes, choice.name);
    }
    if (choice.parallel) w.key("parallel_tool_calls").boolean(*choice.parallel);
}

}  // namespace

bool is_plain_function(const Tool& tool) {
    return !tool.placeholder && tool.server_type.empty() && (tool.raw.empty() || !is_own(tool));
}

void encode_tools(Writer& w, const Conversation& c, const ToolShapes& shapes,
                  chat::Losses& losses) {
    const bool any = encode_list(w, c, losses);
    if (!c.tool_choice) return;
    if (any)
        encode_choice(w, c, shapes);
    else
        note(losses, "tool_choice", Lost::tool_choice);
}

}  // namespace ccr::wire::openai_responses
