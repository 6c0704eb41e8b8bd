// ContentWriter: the `content` of one Chat message - a string, or text parts of which some end in
// a cache mark (OpenRouter, "Prompt caching"; Alibaba Cloud Model Studio, "Context cache").
//
// Lives while one message is written.
#pragma once

#include <optional>
#include <string_view>

#include "json/writer.h"
#include "wire/openai_chat/message_text.h"

namespace ccr::wire::openai_chat {

/// `mark` as those providers take it: its kind and how long it lasts.
void write_cache_mark(json::Writer& w, std::string_view mark);

class ContentWriter {
  public:
    ContentWriter(json::Writer& w, bool as_parts);

    void add(json::Text text);
    Joiner& text();  // to be added to, not to be left empty
    /// The text so far ends here, in a part of its own. False: there is none that could be marked.
    bool mark(std::string_view mark);
    void close();

  private:
    void end_part(std::string_view mark);

    json::Writer& w_;
    bool as_parts_;
    std::optional<Joiner> joiner_;  // of the string or the part that is open
};

}  // namespace ccr::wire::openai_chat
