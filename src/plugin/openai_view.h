// OpenAiView: a conversation as the user's transformers see it where the provider speaks another
// protocol than Chat - the reference's unified form: Chat's request with `thinking`, `reasoning`
// and `cache_control`.
//
// It is a lens, not a hub: what the form has no place for (silent parts) is not in it and stays
// with the conversation (openai_edit.h). Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat/conversation.h"
#include "json/writer.h"

namespace ccr::plugin {

/// What a message of the view shows: parts of one turn, by their places.
struct ViewedMessage {
    std::size_t turn = 0;
    std::optional<std::size_t> result;  // of a tool message
    std::vector<std::size_t> content;   // one for each element, or for the text; not of a result
    std::vector<std::size_t> reasoning, calls;
};

struct OpenAiView {
    std::string text;
    std::vector<ViewedMessage> messages;
    std::vector<std::size_t> tools;  // by their places
};

/// `model`: the target's.
OpenAiView view_of(const chat::Conversation& conversation, std::string_view model);

/// The places of those parts that are shown as content.
std::vector<std::size_t> shown_content(const std::vector<chat::Part>& parts);
bool is_shown(const chat::Reasoning& reasoning);

/// The member `thinking` of a message.
void write_thinking(json::Writer& w, json::Text text, json::Text seal);
/// An element of `tool_calls`; `index` is a stream's.
void write_call(json::Writer& w, const chat::ToolCall& call);

}  // namespace ccr::plugin
