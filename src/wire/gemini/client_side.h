// What a client of generateContent sends and reads: requests decoded, answers, streams and errors
// encoded.
//
// Stateless functions, any thread; an encoder of a stream belongs to one answer and one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "wire/codec.h"

namespace ccr::wire::gemini {

/// Error: invalid_request naming the member by its path ("contents[2].parts[0]: ...").
Result<chat::Conversation> decode_request(json::View body, const Asked& asked);

/// A GenerateContentResponse.
std::string encode_reply(const chat::Reply& reply, const AnswerContext& context);

/// GenerateContentResponse chunks as `data:` messages. Function calls are sent whole: the protocol
/// has no pieces of arguments.
std::unique_ptr<StreamEncoder> open_encoder(const AnswerContext& context);

/// {"error":{"code","message","status","details"}} (google.rpc.Status as JSON).
std::string encode_error(const Error& error, std::string_view request_id);

}  // namespace ccr::wire::gemini
