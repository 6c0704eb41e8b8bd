// What a Responses *client* sends and reads: requests decoded, answers, streams and errors encoded.
//
// Stateless functions, any thread; an encoder of a stream belongs to one answer and one thread.
// Docs: API reference, "Create a model response", "The response object", "Streaming events".
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "wire/codec.h"

namespace ccr::wire::openai_responses {

/// Error: invalid_request naming the member by its path ("input[2].content: ..."). What would need
/// answers that were stored (previous_response_id, conversation, background) is refused with the
/// advice to send the whole input.
Result<chat::Conversation> decode_request(json::View body, const Asked&);

/// A `response` object.
std::string encode_reply(const chat::Reply& reply, const AnswerContext& context);

/// Events from response.created to response.completed or response.incomplete, which hold the whole
/// output; a failure is an `error` event and response.failed.
std::unique_ptr<StreamEncoder> open_encoder(const AnswerContext& context);

std::string encode_error(const Error& error, std::string_view request_id);

}  // namespace ccr::wire::openai_responses
