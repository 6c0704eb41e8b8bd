// Items: API reference, "Create a model response", input; items of the tool search: guides, "Tool
// search".
#include "wire/openai_responses/items_decode.h"

#include <fmt/format.h>

#include <iterator>

#include "json/writer.h"
#include "wire/call_arguments.h"
#include "wire/openai_responses/content_decode.h"
#include "wire/openai_responses/names.h"
#include "wire/openai_responses/tool_shapes.h"
#include "wire/openai_responses/tools_decode.h"
#include "wire/seal.h"

namespace ccr::wire::openai_responses {
namespace {

using chat::Part;
using chat::Role;
using chat::Turn;
using json::Text;
using json::View;

class ItemsDecoder {
  public:
    explicit ItemsDecoder(chat::Conversation& c) : c_(c) {}
    Result<void> decode(View item, std::size_t index);

  private:
    /// What the latest turn is open for.
    enum class Last : std::uint8_t { other, assistant, results };

    Result<void> on_message();
    Result<void> on_call(Text type);
    Result<void> on_output();
    Result<void> on_tools_found();
    Result<void> on_other(Text type);
    void on_reasoning();

    void assistant_part(Part part);
    void results_part(Part part);
    Turn& new_turn(Role role);
    Part part_of() const {
        Part part;
        part.extras.from = Protocol::openai_responses;
        return part;
    }
    Part opaque(Text type, const std::string& stand_in) {
        Part part = part_of();
        part.body = chat::Opaque{Protocol::openai_responses, type, item_.raw(), phrase(stand_in)};
        return part;
    }
    Text phrase(const std::string& plain) {
        return Text::from_plain(c_.arena.keep(plain), c_.arena);
    }
    std::string at(std::string_view member) const { return fmt::format("{}.{}", where_, member); }

    chat::Conversation& c_;
    View item_;
    std::string where_;
    Last last_ = Last::other;
};

Turn& ItemsDecoder::new_turn(Role role) {
    Turn turn;
    turn.role = role;
    turn.extras.from = Protocol::openai_responses;
    c_.turns.push_back(std::move(turn));
    return c_.turns.back();
}

void ItemsDecoder::assistant_part(Part part) {
    Turn& turn = last_ == Last::assistant ? c_.turns.back() : new_turn(Role::assistant);
    turn.parts.push_back(std::move(part));
    last_ = Last::assistant;
}

void ItemsDecoder::results_part(Part part) {
    Turn& turn = last_ == Last::results ? c_.turns.back() : new_turn(Role::user);
    turn.parts.push_back(std::move(part));
    last_ = Last::results;
}

// `phase` tells an answer from a word in between; models that know it want it back.
void keep_phase(View item, std::vector<Part>& parts) {
    if (const View phase = item["phase"]; phase.is_string() && !parts.empty())
        parts.front().extras.members.emplace_back(Text::literal("phase"), phase.raw());
}

Result<void> ItemsDecoder::on_message() {
    const Text role = item_["role"].text();
    TRY(std::vector<Part> parts, decode_content(item_["content"], at("content"), c_.arena));
    if (role.equals("assistant")) {
        keep_phase(item_, parts);
        for (Part& part : parts) assistant_part(std::move(part));
        return {};
    }
    if (role.equals("developer") || role.equals("system")) {
        if (!parts.empty()) new_turn(Role::system).parts = std::move(parts);
    } else if (role.equals("user")) {
        Turn& turn = last_ == Last::results ? c_.turns.back() : new_turn(Role::user);
        turn.parts.insert(turn.parts.end(), std::make_move_iterator(parts.begin()),
                          std::make_move_iterator(parts.end()));
    } else {
        return wrong(at("role"), "Expected one of user, assistant, system, developer");
    }
    last_ = Last::other;
    return {};
}

Result<void> ItemsDecoder::on_call(Text type) {
    const bool search = type.equals("tool_search_call");
    const Text name = search ? Text::literal("tool_search") : item_["name"].text();
    if (name.empty()) return wrong(at("name"), "Field required");
    chat::ToolCall call;
    call.id = item_["call_id"].text();
    if (call.id.empty()) return wrong(at("call_id"), "Field required");
    call.name = name;
    if (const Text space = item_["namespace"].text(); !space.empty())
        call.name = phrase(flat_name(space.decode(), name.decode()));
    if (type.equals("custom_tool_call")) {
        std::string wrapped;
        json::Writer(wrapped)
            .open_object()
            .member(kInputArgument, item_["input"].text())
            .close_object();
        call.arguments = c_.arena.keep(wrapped);
    } else {
        call.arguments = object_of_arguments(item_["arguments"], c_.arena);
    }
    Part part = part_of();
    part.body = call;
    assistant_part(std::move(part));
    return {};
}

Result<void> ItemsDecoder::on_output() {
    chat::ToolResult result;
    result.call_id = item_["call_id"].text();
    if (result.call_id.empty()) return wrong(at("call_id"), "Field required");
    TRY(result.content, decode_content(item_["output"], at("output"), c_.arena));
    Part part = part_of();
    part.body = std::move(result);
    results_part(std::move(part));
    return {};
}

// The tools that a search found can be called from here on.
Result<void> ItemsDecoder::on_tools_found() {
    const std::size_t known = c_.tools.size();
    TRY_DO(decode_tools(item_["tools"], at("tools"), c_));
    std::string told = "These tools are now loaded and can be called:";
    for (std::size_t i = known; i < c_.tools.size(); ++i) told += " " + c_.tools[i].name.decode();
    if (known == c_.tools.size()) told = "No further tool was found.";
    if (item_["type"].text().equals("additional_tools")) return {};
    Part inner = opaque(item_["type"].text(), told);
    const Text call_id = item_["call_id"].text();
    if (call_id.empty()) return assistant_part(std::move(inner)), Result<void>();
    chat::ToolResult result;
    result.call_id = call_id;
    result.content.push_back(std::move(inner));
    Part part = part_of();
    part.body = std::move(result);
    results_part(std::move(part));
    return {};
}

// Summaries are what a model shows of its reasoning; open models show the reasoning itself.
std::string text_of_reasoning(View item) {
    std::string text;
    for (const std::string_view key : {"summary", "content"}) {
        for (const View piece : item[key].elements()) {
            if (piece["text"].text().empty()) continue;
            if (!text.empty()) text += "\\n\\n";
            text += piece["text"].text().escaped();
        }
        if (!text.empty()) break;
    }
    return text;
}

void ItemsDecoder::on_reasoning() {
    chat::Reasoning reasoning;
    reasoning.from.protocol = Protocol::openai_responses;
    const Text seal = item_["encrypted_content"].text();
    if (!unpack_seal(seal, reasoning, c_.arena)) {
        reasoning.seal = seal;
        reasoning.from.field = item_["id"].text();
    }
    if (reasoning.from.protocol == Protocol::anthropic && reasoning.from.field.equals(kRedacted)) {
        reasoning.redacted = true;
        reasoning.from.field = {};
    }
    reasoning.text = Text::from_escaped(c_.arena.keep(text_of_reasoning(item_)));
    Part part = part_of();
    part.body = reasoning;
    assistant_part(std::move(part));
}

// Of calls that another provider ran a model is told what it can use.
Result<void> ItemsDecoder::on_other(Text type) {
    std::string stand_in;
    if (type.equals("web_search_call") && item_["action"]["query"].is_string())
        stand_in = "(searched the web for: " + item_["action"]["query"].text().decode() + ")";
    if (type.escaped().ends_with("_output") || type.equals("mcp_approval_response")) {
        results_part(opaque(type, item_["output"].text().decode()));
        return {};
    }
    if (type.equals("local_shell_call")) stand_in = "(ran a command in the local shell)";
    assistant_part(opaque(type, stand_in));
    return {};
}

Result<void> ItemsDecoder::decode(View item, std::size_t index) {
    item_ = item;
    where_ = fmt::format("input[{}]", index);
    if (!item.is_object()) return wrong(where_, "Expected an object");
    const Text type = item["type"].text();
    if (type.equals("message") || (type.empty() && item["role"])) return on_message();
    if (type.equals("function_call") || type.equals("custom_tool_call")) return on_call(type);
    if (type.equals("function_call_output") || type.equals("custom_tool_call_output"))
        return on_output();
    if (type.equals("reasoning")) return on_reasoning(), Result<void>();
    if (type.equals("tool_search_call") && item["call_id"].is_string()) return on_call(type);
    if (type.equals("tool_search_output") || type.equals("additional_tools"))
        return on_tools_found();
    if (type.empty()) return wrong(at("type"), "Field required");
    return on_other(type);
}

}  // namespace

Result<void> decode_items(View input, chat::Conversation& c) {
    if (!input) return wrong("input", "Field required");
    if (input.is_string()) {
        Turn turn;
        turn.extras.from = Protocol::openai_responses;
        TRY(turn.parts, decode_content(input, "input", c.arena));
        c.turns.push_back(std::move(turn));
        return {};
    }
    if (!input.is_array()) return wrong("input", "Expected a string or an array of items");
    ItemsDecoder decoder(c);
    std::size_t index = 0;
    for (const View item : input.elements()) {
        TRY_DO(decoder.decode(item, index++));
    }
    return {};
}

}  // namespace ccr::wire::openai_responses
