// Tool, FunctionDeclaration, ToolConfig: ai.google.dev/api/caching, "Tool".
#include "wire/gemini/tools_encode.h"

#include <algorithm>
#include <array>

#include "json/document.h"
#include "wire/gemini/losses.h"
#include "wire/gemini/names.h"
#include "wire/gemini/schema_rules.h"
#include "wire/place.h"

namespace ccr::wire::gemini {
namespace {

using chat::Conversation;
using chat::Tool;
using json::Writer;

constexpr std::string_view kToolConfig = "toolConfig.";
constexpr Place kTools("tools");

bool is_function(const Tool& tool) {
    return tool.server_type.empty() && !tool.placeholder;
}

// What Google's servers run in place of another provider's: web search and the reading of pages.
std::string_view own_tool(const Tool& tool) {
    static constexpr auto kTwins = std::to_array<std::pair<std::string_view, std::string_view>>(
        {{"web_search", R"({"googleSearch":{}})"}, {"web_fetch", R"({"urlContext":{}})"}});
    if (tool.server_type.empty()) return {};
    if (tool.extras.from == Protocol::gemini) return tool.raw;
    for (const auto& [prefix, twin] : kTwins) {
        if (tool.server_type.escaped().starts_with(prefix)) return twin;
    }
    return {};
}

// A Gemini client's declaration has its schema under one of two names, and it stays there.
void write_own_schema(Writer& w, const Tool& tool) {
    json::Document document;
    const auto root = document.parse(tool.raw);
    if (!root) return;
    for (const std::string_view name : {"parametersJsonSchema", "parameters"}) {
        if (const json::View schema = field(*root, name); schema.is_object()) {
            w.member_raw(name, schema.raw());
            return;
        }
    }
}

void write_function(Writer& w, const Tool& tool, const Place& where, chat::Losses& losses) {
    w.open_object().member("name", tool.name);
    if (!tool.description.empty()) w.member("description", tool.description);
    if (tool.extras.from == Protocol::gemini) {
        write_own_schema(w, tool);
        for (const auto& [key, raw] : tool.extras.members) w.escaped_key(key).raw(raw);
    } else if (const std::string schema = chat::schema_subset(
                   tool.schema, kSchemaRules, chat::SchemaUse::arguments, where.text(), losses);
               !schema.empty()) {
        w.member_raw("parameters", schema);
    }
    if (tool.strict.value_or(false)) note(losses, where, Lost::strict);
    w.close_object();
}

// Google's own tools go beside functions only where a Gemini client says so itself.
void write_own_tools(Writer& w, const Conversation& c, bool has_functions, chat::Losses& losses) {
    std::vector<std::string_view> written;
    for (std::size_t i = 0; i < c.tools.size(); ++i) {
        const Tool& tool = c.tools[i];
        const Place where = kTools.element(i);
        if (tool.placeholder) note(losses, where, Lost::placeholder_tool);
        if (tool.server_type.empty()) continue;
        const std::string_view own = own_tool(tool);
        if (own.empty()) {
            note(losses, where, tool.server_type.decode(), Lost::server_tool);
        } else if (has_functions && tool.extras.from != Protocol::gemini) {
            note(losses, where, tool.server_type.decode(), Lost::search_beside_functions);
        } else if (std::ranges::find(written, own) == written.end()) {
            w.raw(own);
            written.push_back(own);
        }
    }
}

bool has_own_tools(const Conversation& c) {
    return std::ranges::any_of(c.tools, [](const Tool& tool) { return !own_tool(tool).empty(); });
}

std::string_view mode_name(chat::ToolMode mode) {
    switch (mode) {
        case chat::ToolMode::automatic:
            return "AUTO";
        case chat::ToolMode::none:
            return "NONE";
        case chat::ToolMode::required:
        case chat::ToolMode::named:
            break;
    }
    return "ANY";
}

void write_config(Writer& w, const Conversation& c, bool has_functions, chat::Losses& losses) {
    const auto is_own = [](const auto& m) { return m.first.escaped().starts_with(kToolConfig); };
    const bool own =
        c.extras.from == Protocol::gemini && std::ranges::any_of(c.extras.members, is_own);
    if (c.tool_choice && !has_functions) note(losses, "tool_choice", Lost::tool_choice);
    if (c.tool_choice && c.tool_choice->parallel == false)
        note(losses, "tool_choice", Lost::parallel);
    const bool choice = c.tool_choice && has_functions;
    if (!choice && !own) return;
    w.key("toolConfig").open_object();
    if (choice) {
        w.key("functionCallingConfig").open_object();
        w.member("mode", mode_name(c.tool_choice->mode));
        if (c.tool_choice->mode == chat::ToolMode::named) {
            w.key("allowedFunctionNames").open_array().text(c.tool_choice->name).close_array();
        }
        w.close_object();
    }
    for (const auto& [key, raw] : c.extras.members) {
        if (own && key.escaped().starts_with(kToolConfig))
            w.key(key.escaped().substr(kToolConfig.size())).raw(raw);
    }
    w.close_object();
}

}  // namespace

bool encode_tools(Writer& w, const Conversation& c, chat::Losses& losses) {
    const bool has_functions = std::ranges::any_of(c.tools, is_function);
    if (has_functions || has_own_tools(c)) w.key("tools").open_array();
    if (has_functions) {
        w.open_object().key("functionDeclarations").open_array();
        for (std::size_t i = 0; i < c.tools.size(); ++i) {
            if (is_function(c.tools[i])) write_function(w, c.tools[i], kTools.element(i), losses);
        }
        w.close_array().close_object();
    }
    write_own_tools(w, c, has_functions, losses);
    if (has_functions || has_own_tools(c)) w.close_array();
    write_config(w, c, has_functions, losses);
    return has_functions;
}

}  // namespace ccr::wire::gemini
