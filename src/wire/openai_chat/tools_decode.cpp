#include "wire/openai_chat/tools_decode.h"

#include <fmt/format.h>

#include "wire/openai_chat/content_decode.h"

namespace ccr::wire::openai_chat {
namespace {

using chat::Conversation;
using chat::ToolMode;
using json::Text;
using json::View;

void fill_function(View function, chat::Tool& tool) {
    tool.name = function["name"].text();
    tool.description = function["description"].text();
    if (const View schema = function["parameters"]; schema.is_object()) tool.schema = schema.raw();
    tool.strict = function["strict"].boolean();
}

// Kept whole: what runs at the provider (web search and its kin) means nothing to another protocol.
chat::Tool server_tool(View value) {
    chat::Tool tool;
    tool.extras.from = Protocol::openai_chat;
    tool.server_type = value["type"].text();
    const View body = value[tool.server_type.decode()];
    tool.name = body["name"].is_string() ? body["name"].text() : value["name"].text();
    if (tool.name.empty()) tool.name = tool.server_type;
    tool.raw = value.raw();
    return tool;
}

Result<chat::Tool> decode_tool(View value, const std::string& where) {
    if (!value.is_object()) return wrong(where, "Expected an object");
    const Text type = value["type"].text();
    if (type.empty() && !value["function"]) return wrong(where + ".type", "Field required");
    if (!type.empty() && !type.equals("function")) return server_tool(value);
    chat::Tool tool;
    tool.extras.from = Protocol::openai_chat;
    tool.raw = value.raw();
    // Some clients write the function's members flat, as the Responses API has them.
    const View function = value["function"].is_object() ? value["function"] : value;
    fill_function(function, tool);
    if (tool.name.empty()) return wrong(where + ".function.name", "Field required");
    if (const View cache = value["cache_control"]; cache && !cache.is_null())
        tool.cache = cache.raw();
    for (const auto member : value.members()) {
        if (member.named("type") || member.named("function") || member.named("cache_control"))
            continue;
        if (value["function"].is_object())
            tool.extras.members.emplace_back(member.key(), member.value.raw());
    }
    return tool;
}

Result<void> decode_tool_list(View tools, Conversation& c) {
    if (!tools || tools.is_null()) return {};
    if (!tools.is_array()) return wrong("tools", "Expected an array");
    std::size_t index = 0;
    for (const View value : tools.elements()) {
        TRY(chat::Tool tool, decode_tool(value, fmt::format("tools[{}]", index++)));
        c.tools.push_back(std::move(tool));
    }
    return {};
}

Result<void> decode_functions(View functions, Conversation& c) {
    if (!functions || functions.is_null()) return {};
    if (!functions.is_array()) return wrong("functions", "Expected an array");
    std::size_t index = 0;
    for (const View value : functions.elements()) {
        chat::Tool tool;
        tool.extras.from = Protocol::openai_chat;
        tool.raw = value.raw();
        fill_function(value, tool);
        if (tool.name.empty())
            return wrong(fmt::format("functions[{}].name", index), "Field required");
        c.tools.push_back(std::move(tool));
        ++index;
    }
    return {};
}

Result<ToolMode> mode_of(Text name) {
    if (name.equals("auto")) return ToolMode::automatic;
    if (name.equals("none")) return ToolMode::none;
    if (name.equals("required") || name.equals("any")) return ToolMode::required;
    return wrong("tool_choice", "Expected auto, none, required or an object that names a function");
}

// {"type":"allowed_tools","allowed_tools":{"mode","tools"}}: the others are not offered at all.
Result<chat::ToolChoice> decode_allowed(View allowed, Conversation& c) {
    chat::ToolChoice choice;
    TRY(choice.mode, mode_of(allowed["mode"].text()));
    const auto is_allowed = [&](const chat::Tool& tool) {
        for (const View entry : allowed["tools"].elements()) {
            const View name = entry["function"]["name"];
            if ((name ? name : entry["name"]).text() == tool.name) return true;
        }
        return false;
    };
    std::erase_if(c.tools, [&](const chat::Tool& tool) { return !is_allowed(tool); });
    return choice;
}

Result<chat::ToolChoice> decode_choice(View value, Conversation& c) {
    chat::ToolChoice choice;
    if (value.is_string()) {
        TRY(choice.mode, mode_of(value.text()));
        return choice;
    }
    const Text type = value["type"].text();
    if (type.equals("allowed_tools")) {
        const View nested = value["allowed_tools"];
        return decode_allowed(nested.is_object() ? nested : value, c);
    }
    choice.mode = ToolMode::named;
    const View nested = value[type.equals("custom") ? "custom" : "function"];
    choice.name = (nested.is_object() ? nested : value)["name"].text();
    if (choice.name.empty()) return wrong("tool_choice.function.name", "Field required");
    return choice;
}

}  // namespace

Result<void> decode_tools(View body, Conversation& c) {
    TRY_DO(decode_tool_list(body["tools"], c));
    TRY_DO(decode_functions(body["functions"], c));
    View choice = body["tool_choice"];
    if (!choice || choice.is_null()) choice = body["function_call"];
    if (choice && !choice.is_null()) {
        TRY(c.tool_choice, decode_choice(choice, c));
    }
    if (const auto parallel = body["parallel_tool_calls"].boolean()) {
        if (!c.tool_choice) c.tool_choice.emplace();
        c.tool_choice->parallel = parallel;
    }
    return {};
}

}  // namespace ccr::wire::openai_chat
