// Items of an answer for a Responses client, which complete answers and streams share.
//
// Plain functions and values; one answer, one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "chat/reply.h"
#include "json/writer.h"
#include "wire/codec.h"
#include "wire/openai_responses/tool_shapes.h"

namespace ccr::wire::openai_responses {

/// What every response object of one answer says.
struct ResponseHead {
    ResponseHead(json::Text id, json::Text model, const AnswerContext& context);
    /// `prefix` and a number that is this answer's own: "msg_..._2".
    std::string item_id(std::string_view prefix, std::size_t number) const;

    std::string id;     // escaped, "resp_..."
    std::string model;  // escaped
    std::int64_t created;
};

/// A response object. `output` is the inside of its array, `usage` nullptr where there is none yet.
struct ResponseState {
    std::string_view status;  // in_progress, completed, incomplete, failed
    std::string_view output;
    const chat::Usage* usage = nullptr;
    std::int64_t estimated_input = 0;  // stands in where the upstream counted nothing
    std::string_view incomplete;       // incomplete_details.reason
    const Error* error = nullptr;
};
void write_response(json::Writer& w, const ResponseHead& head, const ResponseState& state);

/// The code of a failed response; clients (Codex among them) test for these.
std::string_view code_of(ErrorKind kind);

/// How an answer that stopped for `reason` is told: a status, and why it is incomplete.
struct Ending {
    std::string_view status;
    std::string_view incomplete;
};
Ending ending_of(chat::StopReason reason);

/// A call as its client knows it.
struct CallItem {
    std::string id;       // escaped, of the item
    std::string call_id;  // escaped
    std::string name;     // escaped
    std::string space;    // escaped
    CallKind kind = CallKind::function;
};
CallItem call_item(const ResponseHead& head, std::size_t number, json::Text call_id,
                   json::Text flat_name, const ToolShapes& shapes);

/// `input` is what the item holds: arguments as JSON text, or a custom tool's plain input; both
/// escaped. A search's arguments are the object itself, unescaped here.
void write_call(json::Writer& w, const CallItem& call, std::string_view status, json::Text input);

void write_message(json::Writer& w, std::string_view id, json::Text text);
/// One content part of a message.
void write_text_part(json::Writer& w, json::Text text);

/// Item id of a piece of reasoning: its own where a Responses provider gave it one.
std::string reasoning_id(const ResponseHead& head, std::size_t number,
                         const chat::Provenance& from);
void write_reasoning(json::Writer& w, std::string_view id, json::Text summary,
                     json::Text encrypted);
/// What a client is to send back: the maker's own seal, or origin and seal of another protocol
/// packed together. Empty where there is nothing worth keeping.
std::string encrypted_content(const chat::Provenance& from, json::Text seal, bool redacted,
                              std::string_view details);

void write_search(json::Writer& w, std::string_view id, std::string_view status,
                  const chat::WebSearch& search);

}  // namespace ccr::wire::openai_responses
