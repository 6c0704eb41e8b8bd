// Turns to the items of `input`.
//
// A plain object for one request, one thread.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "chat/conversation.h"
#include "chat/loss.h"
#include "json/writer.h"
#include "wire/codec.h"
#include "wire/openai_responses/losses.h"
#include "wire/openai_responses/tool_shapes.h"
#include "wire/place.h"

namespace ccr::wire::openai_responses {

class ItemsEncoder {
  public:
    ItemsEncoder(json::Writer& w, const Target& target, const ToolShapes& shapes,
                 chat::Losses& losses)
        : w_(w), target_(target), shapes_(shapes), losses_(losses) {}

    /// Writes the elements of the `input` array for the turns from number `first` on.
    void encode(const std::vector<chat::Turn>& turns, std::size_t first);

  private:
    void turn(const chat::Turn& turn);
    void part(const chat::Part& part, chat::Role role);
    void content(const chat::Part& part, chat::Role role);
    void text(json::Text text, const chat::Part& part, chat::Role role);
    void media(const chat::Part& part, const chat::Media& media);
    void opaque(const chat::Part& part, const chat::Opaque& opaque, chat::Role role);
    void call(const chat::ToolCall& call);
    void result(const chat::ToolResult& result);
    void result_text(const chat::ToolResult& result);
    void result_parts(const chat::ToolResult& result);
    void reasoning(const chat::Reasoning& reasoning);
    bool goes_back(const chat::Reasoning& reasoning) const;

    void open_message(chat::Role role, const chat::Part& part);
    void close_message();
    void lose(Lost lost);
    void lose_opaque(const chat::Opaque& opaque);

    json::Writer& w_;
    const Target& target_;
    const ToolShapes& shapes_;
    chat::Losses& losses_;
    Place where_{""};                             // the turn under way
    bool message_ = false;                        // a message's content is being written
    std::map<std::string, CallKind> call_kinds_;  // by call id, for their outputs
};

/// What a part says as text; empty when it says nothing.
json::Text text_of(const chat::Part& part);

}  // namespace ccr::wire::openai_responses
