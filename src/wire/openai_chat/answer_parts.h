// Pieces of an answer that complete and streamed Chat Completions share.
#pragma once

#include <string_view>

#include "chat/reply.h"
#include "json/writer.h"

namespace ccr::wire::openai_chat {

/// The members that every chunk and every whole answer begins with, into an object that is open:
/// `id`, `object` ("chat.completion" or its chunk), `created` (now) and `model`. What the upstream
/// has not said is filled in.
struct AnswerHead {
    json::Text id;
    std::string_view own_id;
    json::Text model;
    std::string_view own_model;
};
void write_head(json::Writer& w, std::string_view object, const AnswerHead& head);

/// `finish_reason` for a client. Chat has no name of its own for a stop sequence, a pause or a full
/// window.
std::string_view client_finish_reason(chat::StopReason reason);

/// A `usage` object. `estimated_input` stands in where the upstream counted nothing.
void write_usage(json::Writer& w, const chat::Usage& usage, std::int64_t estimated_input);

/// The search's hits as url_citation, elements of an `annotations` array.
void write_citations(json::Writer& w, const chat::WebSearch& search);

/// One `reasoning_details` entry (OpenRouter's shape) that carries a seal home through a chat
/// client. `text` may be empty: a stream has sent it already.
void write_sealed_detail(json::Writer& w, json::Text seal, bool redacted,
                         const chat::Provenance& from, json::Text text);

}  // namespace ccr::wire::openai_chat
