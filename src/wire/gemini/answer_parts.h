// Pieces of an answer that complete and streamed responses share.
#pragma once

#include <string>
#include <string_view>

#include "chat/reply.h"
#include "json/writer.h"

namespace ccr::wire::gemini {

/// {"functionCall":{...}} with its signature, "" = none. `arguments` is what the model wrote: text
/// that is no JSON object travels inside one.
void write_call(json::Writer& w, json::Text id, json::Text name, std::string_view arguments,
                std::string_view signature);

/// {"text"} of an answer or of a thought.
void write_text(json::Writer& w, json::Text text, bool thought, std::string_view signature);

/// The member `groundingMetadata` of a candidate.
void write_grounding(json::Writer& w, const std::vector<chat::WebSearch>& searches);

/// A `usageMetadata` object. `estimated_input` stands in where the upstream counted nothing.
void write_usage(json::Writer& w, const chat::Usage& usage, std::int64_t estimated_input);

/// The member `promptFeedback` of an answer that was refused without a word.
void write_blocked_prompt(json::Writer& w);

}  // namespace ccr::wire::gemini
