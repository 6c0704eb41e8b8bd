// What hub parts say where a Chat message can hold only text.
#pragma once

#include <string>

#include "chat/conversation.h"
#include "json/writer.h"

namespace ccr::wire::openai_chat {

/// What a part says as text; empty when it says nothing.
json::Text text_of(const chat::Part& part);

/// What stands in for media that Chat cannot carry; empty for all others.
std::string note_on(const chat::Media& media);

/// Whether a part is media that a user message carries as a part of its own.
bool is_bulk_media(const chat::Part& part);

/// Joins texts into the string that is open in a writer, an empty line between them.
class Joiner {
  public:
    explicit Joiner(json::Writer& w) : w_(w) {}
    void add(json::Text text);
    void add_plain(std::string_view plain);
    void add_reminder(json::Text text);

  private:
    void gap();
    json::Writer& w_;
    bool any_ = false;
};

}  // namespace ccr::wire::openai_chat
