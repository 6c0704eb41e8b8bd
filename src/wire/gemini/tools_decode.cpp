// Tool, FunctionDeclaration, ToolConfig: ai.google.dev/api/caching, "Tool".
#include "wire/gemini/tools_decode.h"

#include <fmt/format.h>

#include "base/text_case.h"
#include "wire/gemini/contents_decode.h"
#include "wire/gemini/names.h"
#include "wire/gemini/openapi_schema.h"
#include "wire/gemini/parts_decode.h"

namespace ccr::wire::gemini {
namespace {

using chat::Conversation;
using chat::ToolMode;
using json::Text;
using json::View;

Result<chat::Tool> decode_function(View value, const std::string& where, Arena& arena) {
    if (!value.is_object()) return wrong(where, "Expected an object");
    chat::Tool tool;
    tool.name = value["name"].text();
    if (tool.name.empty()) return wrong(where + ".name", "Field required");
    tool.description = value["description"].text();
    tool.raw = value.raw();
    if (const View schema = field(value, "parametersJsonSchema"); schema.is_object())
        tool.schema = schema.raw();
    else if (const View parameters = value["parameters"]; parameters.is_object())
        tool.schema = json_schema_of(parameters, arena);
    keep_members(value, {"name", "description", "parameters", "parametersJsonSchema"}, tool.extras);
    return tool;
}

// {"googleSearch":{}}: one tool of the server's for each member.
chat::Tool server_tool(Text name, View tool) {
    chat::Tool out;
    out.extras.from = Protocol::gemini;
    out.server_type = out.name = name;
    out.raw = tool.raw();
    return out;
}

Result<void> decode_tool(View tool, const std::string& where, Conversation& c) {
    if (!tool.is_object()) return wrong(where, "Expected an object");
    for (const auto member : tool.members()) {
        if (!is_named(member.key(), "functionDeclarations")) {
            if (tool.size() == 1) {
                c.tools.push_back(server_tool(member.key(), tool));
                continue;
            }
            const std::string alone =
                fmt::format("{{\"{}\":{}}}", member.key().escaped(), member.value.raw());
            chat::Tool out = server_tool(member.key(), tool);
            out.raw = c.arena.keep(alone);
            c.tools.push_back(std::move(out));
            continue;
        }
        std::size_t index = 0;
        for (const View function : member.value.elements()) {
            const std::string place = fmt::format("{}.functionDeclarations[{}]", where, index++);
            TRY(chat::Tool out, decode_function(function, place, c.arena));
            c.tools.push_back(std::move(out));
        }
    }
    return {};
}

// Names that may be called: one is a choice, of several the others are not offered at all.
void restrict(View allowed, Conversation& c) {
    if (allowed.size() == 1) {
        c.tool_choice->mode = ToolMode::named;
        c.tool_choice->name = (*allowed.elements().begin()).text();
        return;
    }
    std::erase_if(c.tools, [&](const chat::Tool& tool) {
        if (!tool.server_type.empty()) return false;
        for (const View name : allowed.elements()) {
            if (name.text() == tool.name) return false;
        }
        return true;
    });
}

Result<void> decode_choice(View config, Conversation& c) {
    for (const auto member : config.members()) {
        if (is_named(member.key(), "functionCallingConfig") || member.value.is_null()) continue;
        const std::string key = fmt::format("toolConfig.{}", member.key().escaped());
        c.extras.members.emplace_back(Text::from_escaped(c.arena.keep(key)), member.value.raw());
    }
    const View calling = field(config, "functionCallingConfig");
    if (!calling.is_object()) return {};
    const std::string mode = lower_case(calling["mode"].text().decode());
    chat::ToolChoice choice;
    if (mode == "any")
        choice.mode = ToolMode::required;
    else if (mode == "none")
        choice.mode = ToolMode::none;
    else if (!mode.empty() && mode != "auto" && mode != "validated" && mode != "mode_unspecified")
        return wrong("toolConfig.functionCallingConfig.mode",
                     "Expected one of AUTO, ANY, NONE, VALIDATED");
    c.tool_choice = choice;
    const View allowed = field(calling, "allowedFunctionNames");
    if (choice.mode == ToolMode::required && allowed.has_elements()) restrict(allowed, c);
    return {};
}

}  // namespace

Result<void> decode_tools(View body, Conversation& c) {
    const View tools = field(body, "tools");
    if (tools.is_object()) {  // some clients send the one tool without its list
        TRY_DO(decode_tool(tools, "tools", c));
    } else if (tools && !tools.is_array()) {
        return wrong("tools", "Expected an array");
    }
    if (tools.is_array()) {
        std::size_t index = 0;
        for (const View tool : tools.elements()) {
            TRY_DO(decode_tool(tool, fmt::format("tools[{}]", index++), c));
        }
    }
    return decode_choice(field(body, "toolConfig"), c);
}

}  // namespace ccr::wire::gemini
