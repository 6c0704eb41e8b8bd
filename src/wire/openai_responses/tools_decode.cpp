// Tools: API reference, "Create a model response", tools and tool_choice; guides, "Function
// calling" (custom tools, grammars) and "Tool search" (namespaces).
#include "wire/openai_responses/tools_decode.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/openai_responses/content_decode.h"
#include "wire/openai_responses/names.h"
#include "wire/openai_responses/tool_shapes.h"

namespace ccr::wire::openai_responses {
namespace {

using chat::Conversation;
using chat::ToolMode;
using json::Text;
using json::View;

Text kept_plain(const std::string& plain, Arena& arena) {
    return Text::from_plain(arena.keep(plain), arena);
}

void fill_function(View value, chat::Tool& tool) {
    for (const auto member : value.members()) {
        const Text key = member.key();
        if (key.equals("type") || key.equals("name"))
            continue;
        else if (key.equals("description"))
            tool.description = member.value.text();
        else if (key.equals("parameters"))
            tool.schema = member.value.is_object() ? member.value.raw() : std::string_view();
        else if (key.equals("strict"))
            tool.strict = member.value.boolean();
        else
            tool.extras.members.emplace_back(key, member.value.raw());
    }
}

// A model that knows functions alone is told the grammar in words.
void fill_custom(View value, chat::Tool& tool, Arena& arena) {
    tool.schema = kInputSchema;
    std::string told = value["description"].text().decode();
    if (!told.empty()) told += "\n\n";
    told += "The argument `input` is the whole input of this tool as plain text, not as JSON.";
    if (const View format = value["format"]; format["type"].text().equals("grammar")) {
        told += fmt::format(" It must follow this {} grammar exactly:\n{}",
                            format["syntax"].text().decode(), format["definition"].text().decode());
    }
    tool.description = kept_plain(told, arena);
}

class ToolsDecoder {
  public:
    explicit ToolsDecoder(Conversation& c) : c_(c) {}
    Result<void> decode(View value, const std::string& where, View space);

  private:
    Result<void> decode_namespace(View value, const std::string& where);
    Result<void> decode_callable(View value, const std::string& where, View space);
    void decode_tool_search(View value);
    void add(chat::Tool tool);
    chat::Tool fresh() const {
        chat::Tool tool;
        tool.extras.from = Protocol::openai_responses;
        return tool;
    }
    Conversation& c_;
};

void ToolsDecoder::add(chat::Tool tool) {
    const auto same = [&](const chat::Tool& known) {
        return known.name == tool.name && known.server_type == tool.server_type;
    };
    if (std::ranges::none_of(c_.tools, same)) c_.tools.push_back(std::move(tool));
}

Result<void> ToolsDecoder::decode_namespace(View value, const std::string& where) {
    if (value["name"].text().empty()) return wrong(where + ".name", "Field required");
    std::size_t index = 0;
    for (const View inner : value["tools"].elements()) {
        const std::string at = fmt::format("{}.tools[{}]", where, index++);
        if (inner["type"].text().equals("namespace"))
            return wrong(at + ".type", "A namespace cannot hold another");
        TRY_DO(decode(inner, at, value));
    }
    return {};
}

Result<void> ToolsDecoder::decode_callable(View value, const std::string& where, View space) {
    const Text name = value["name"].text();
    if (name.empty()) return wrong(where + ".name", "Field required");
    const bool custom = value["type"].text().equals("custom");
    chat::Tool tool = fresh();
    tool.name = name;
    if (space)
        tool.name = kept_plain(flat_name(space["name"].text().decode(), name.decode()), c_.arena);
    if (custom)
        fill_custom(value, tool, c_.arena);
    else
        fill_function(value, tool);
    if (space)
        tool.raw = space.raw();
    else if (custom)
        tool.raw = value.raw();
    add(std::move(tool));
    return {};
}

// The client runs the search itself: to the model it is a function like any other.
void ToolsDecoder::decode_tool_search(View value) {
    chat::Tool tool = fresh();
    tool.name = Text::literal("tool_search");
    tool.description = value["description"].text();
    if (const View schema = value["parameters"]; schema.is_object()) tool.schema = schema.raw();
    tool.raw = value.raw();
    add(std::move(tool));
}

Result<void> ToolsDecoder::decode(View value, const std::string& where, View space) {
    if (!value.is_object()) return wrong(where, "Expected an object");
    const Text type = value["type"].text();
    if (type.equals("function") || type.equals("custom") || space)
        return decode_callable(value, where, space);
    if (type.equals("namespace")) return decode_namespace(value, where);
    if (type.equals(kToolSearch) && value["execution"].text().equals("client"))
        return decode_tool_search(value), Result<void>();
    if (type.empty()) return wrong(where + ".type", "Field required");
    // What runs at the provider (web search and its kin) is kept whole.
    chat::Tool tool = fresh();
    tool.server_type = type;
    tool.name = value["name"].text().empty() ? type : value["name"].text();
    if (const Text label = value["server_label"].text(); !label.empty()) tool.name = label;
    tool.raw = value.raw();
    add(std::move(tool));
    return {};
}

Result<ToolMode> mode_of(Text name) {
    if (name.equals("auto")) return ToolMode::automatic;
    if (name.equals("none")) return ToolMode::none;
    if (name.equals("required")) return ToolMode::required;
    return wrong("tool_choice", "Expected auto, none, required or an object that names a tool");
}

bool names_tool(View entry, const chat::Tool& tool) {
    if (!tool.server_type.empty()) return entry["type"].text() == tool.server_type;
    const Text type = entry["type"].text();
    if (type.equals(kToolSearch)) return tool.name.equals(kToolSearch);
    return tool.name.equals(
        flat_name(entry["namespace"].text().decode(), entry["name"].text().decode()));
}

// {"type":"allowed_tools","mode","tools"}: the others are not offered at all.
Result<chat::ToolChoice> decode_allowed(View value, Conversation& c) {
    chat::ToolChoice choice;
    TRY(choice.mode, mode_of(value["mode"].text()));
    const auto is_refused = [&](const chat::Tool& tool) {
        for (const View entry : value["tools"].elements()) {
            if (names_tool(entry, tool)) return false;
        }
        return true;
    };
    std::erase_if(c.tools, is_refused);
    return choice;
}

Result<chat::ToolChoice> decode_choice(View value, Conversation& c) {
    chat::ToolChoice choice;
    if (value.is_string()) {
        TRY(choice.mode, mode_of(value.text()));
        return choice;
    }
    const Text type = value["type"].text();
    if (type.equals("allowed_tools")) return decode_allowed(value, c);
    if (type.empty()) return wrong("tool_choice.type", "Field required");
    choice.mode = ToolMode::named;
    const bool callable = type.equals("function") || type.equals("custom");
    if (callable && value["name"].text().empty())
        return wrong("tool_choice.name", "Field required");
    for (const chat::Tool& tool : c.tools) {
        if (names_tool(value, tool)) choice.name = tool.name;
    }
    if (choice.name.empty()) choice.name = callable ? value["name"].text() : type;
    return choice;
}

}  // namespace

Result<void> decode_tools(View tools, const std::string& where, Conversation& c) {
    if (!tools || tools.is_null()) return {};
    if (!tools.is_array()) return wrong(where, "Expected an array");
    ToolsDecoder decoder(c);
    std::size_t index = 0;
    for (const View value : tools.elements()) {
        TRY_DO(decoder.decode(value, fmt::format("{}[{}]", where, index++), View()));
    }
    return {};
}

Result<void> decode_tool_choice(View body, Conversation& c) {
    if (const View choice = body["tool_choice"]; choice && !choice.is_null()) {
        TRY(c.tool_choice, decode_choice(choice, c));
    }
    if (const auto parallel = body["parallel_tool_calls"].boolean()) {
        if (!c.tool_choice) c.tool_choice.emplace();
        c.tool_choice->parallel = parallel;
    }
    return {};
}

}  // namespace ccr::wire::openai_responses
