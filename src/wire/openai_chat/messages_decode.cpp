#include "wire/openai_chat/messages_decode.h"

#include <fmt/format.h>

#include <iterator>

#include "json/writer.h"
#include "wire/call_arguments.h"
#include "wire/openai_chat/content_decode.h"

namespace ccr::wire::openai_chat {
namespace {

using chat::Part;
using chat::Role;
using chat::Turn;
using json::Text;
using json::View;

void append(std::vector<Part>& to, std::vector<Part>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

class MessagesDecoder {
  public:
    explicit MessagesDecoder(chat::Conversation& c) : c_(c) {}
    Result<void> decode(View message, std::size_t index);

  private:
    Result<void> on_system();
    Result<void> on_user();
    Result<void> on_assistant();
    Result<void> on_tool(Text call_id);
    Result<void> decode_calls(Turn& turn);
    Part legacy_call(View call);
    void add_refusal(Turn& turn);
    void keep_extras(chat::Extras& extras);
    Turn& new_turn(Role role);
    std::string at(std::string_view member) const { return fmt::format("{}.{}", where_, member); }

    chat::Conversation& c_;
    View message_;
    std::string where_;
    std::size_t index_ = 0;
    bool results_ =
        false;  // the last turn holds tool results and takes what belongs to the same user turn
    Text legacy_id_;  // of the latest `function_call`, which has none of its own
};

Turn& MessagesDecoder::new_turn(Role role) {
    Turn turn;
    turn.role = role;
    turn.extras.from = Protocol::openai_chat;
    c_.turns.push_back(std::move(turn));
    return c_.turns.back();
}

void MessagesDecoder::keep_extras(chat::Extras& extras) {
    static constexpr std::string_view kKnown[] = {"role",         "content",       "tool_calls",
                                                  "tool_call_id", "function_call", "refusal"};
    for (const auto member : message_.members()) {
        bool known = is_reasoning_member(member.key()) || member.value.is_null();
        for (const std::string_view name : kKnown) known = known || member.named(name);
        if (!known) extras.members.emplace_back(member.key(), member.value.raw());
    }
}

Result<void> MessagesDecoder::on_system() {
    TRY(std::vector<Part> parts, decode_content(message_["content"], at("content"), c_.arena));
    if (parts.empty()) return {};
    Turn& turn = new_turn(Role::system);
    turn.parts = std::move(parts);
    keep_extras(turn.extras);
    return {};
}

Result<void> MessagesDecoder::on_user() {
    const View content = message_["content"];
    if (!content.is_string() && !content.is_array()) {
        return wrong(at("content"), "Expected a string or an array of content parts");
    }
    TRY(std::vector<Part> parts, decode_content(content, at("content"), c_.arena));
    Turn& turn = results_ ? c_.turns.back() : new_turn(Role::user);
    append(turn.parts, std::move(parts));
    keep_extras(turn.extras);
    return {};
}

// Assistants refuse in a member of its own (API reference, "Assistant message", refusal).
void MessagesDecoder::add_refusal(Turn& turn) {
    const Text refusal = message_["refusal"].text();
    if (refusal.empty()) return;
    std::string raw;
    json::Writer(raw)
        .open_object()
        .member("type", "refusal")
        .member("refusal", refusal)
        .close_object();
    Part part;
    part.extras.from = Protocol::openai_chat;
    part.body =
        chat::Opaque{Protocol::openai_chat, Text::literal("refusal"), c_.arena.keep(raw), refusal};
    turn.parts.push_back(std::move(part));
}

// `function_call` of the API before tools: one call, matched to its result by the function's name
// alone.
Part MessagesDecoder::legacy_call(View call) {
    legacy_id_ = Text::from_escaped(c_.arena.keep(fmt::format("call_function_{}", index_)));
    Part part;
    part.extras.from = Protocol::openai_chat;
    part.body = chat::ToolCall{legacy_id_, call["name"].text(),
                               object_of_arguments(call["arguments"], c_.arena)};
    return part;
}

Result<void> MessagesDecoder::decode_calls(Turn& turn) {
    const View calls = message_["tool_calls"];
    if (calls && !calls.is_null() && !calls.is_array())
        return wrong(at("tool_calls"), "Expected an array");
    std::size_t index = 0;
    for (const View call : calls.elements()) {
        // Other protocols refuse a call that has no id.
        const std::string id = fmt::format("call_{}_{}", index_, index);
        const std::string where = fmt::format("{}[{}]", at("tool_calls"), index++);
        TRY(Part part, decode_tool_call(call, where, id, c_.arena));
        turn.parts.push_back(std::move(part));
    }
    if (const View call = message_["function_call"]; call.is_object()) {
        if (call["name"].text().empty()) return wrong(at("function_call.name"), "Field required");
        turn.parts.push_back(legacy_call(call));
    }
    return {};
}

Result<void> MessagesDecoder::on_assistant() {
    Turn turn;
    turn.role = Role::assistant;
    turn.extras.from = Protocol::openai_chat;
    turn.parts = decode_reasoning(message_, c_.arena);
    TRY(std::vector<Part> parts, decode_content(message_["content"], at("content"), c_.arena));
    append(turn.parts, std::move(parts));
    add_refusal(turn);
    TRY_DO(decode_calls(turn));
    keep_extras(turn.extras);
    c_.turns.push_back(std::move(turn));
    return {};
}

Result<void> MessagesDecoder::on_tool(Text call_id) {
    if (call_id.empty()) return wrong(at("tool_call_id"), "Field required");
    chat::ToolResult result;
    result.call_id = call_id;
    TRY(result.content, decode_content(message_["content"], at("content"), c_.arena));
    Turn& turn = results_ ? c_.turns.back() : new_turn(Role::user);
    Part part;
    part.extras.from = Protocol::openai_chat;
    if (const View cache = message_["cache_control"]; cache && !cache.is_null())
        part.cache = cache.raw();
    part.body = std::move(result);
    keep_extras(part.extras);
    turn.parts.push_back(std::move(part));
    results_ = true;
    return {};
}

Result<void> MessagesDecoder::decode(View message, std::size_t index) {
    message_ = message;
    index_ = index;
    where_ = fmt::format("messages[{}]", index);
    if (!message.is_object()) return wrong(where_, "Expected an object");
    const Text role = message["role"].text();
    if (role.equals("tool")) return on_tool(message["tool_call_id"].text());
    if (role.equals("function")) {
        if (legacy_id_.empty())
            return wrong(where_, "A function message must follow a function_call");
        return on_tool(legacy_id_);
    }
    if (role.equals("user")) {
        TRY_DO(on_user());
    } else if (role.equals("assistant")) {
        TRY_DO(on_assistant());
    } else if (role.equals("system") || role.equals("developer")) {
        TRY_DO(on_system());
    } else {
        return wrong(at("role"),
                     "Expected one of system, developer, user, assistant, tool, function");
    }
    results_ = false;
    return {};
}

}  // namespace

Result<void> decode_messages(View messages, chat::Conversation& conversation) {
    if (!messages) return wrong("messages", "Field required");
    if (!messages.is_array() || !messages.has_elements())
        return wrong("messages", "Expected a non-empty array");
    MessagesDecoder decoder(conversation);
    std::size_t index = 0;
    for (const View message : messages.elements()) {
        TRY_DO(decoder.decode(message, index++));
    }
    return {};
}

}  // namespace ccr::wire::openai_chat
