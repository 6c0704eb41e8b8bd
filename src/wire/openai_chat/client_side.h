// What a Chat Completions *client* sends and reads: requests decoded, answers, streams and errors
// encoded.
//
// Stateless functions, any thread; an encoder of a stream belongs to one answer and one thread.
// Docs: API reference, "Create chat completion", "The chat completion object", "... chunk object".
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "wire/codec.h"

namespace ccr::wire::openai_chat {

/// Error: invalid_request naming the member by its path ("messages[2].content: ...").
Result<chat::Conversation> decode_request(json::View body, const Asked&);

/// A `chat.completion` object.
std::string encode_reply(const chat::Reply& reply, const AnswerContext& context);

/// `chat.completion.chunk` messages, ended by `data: [DONE]`; a failure ends the stream without
/// one.
std::unique_ptr<StreamEncoder> open_encoder(const AnswerContext& context);

/// {"error":{"message","type","param","code"},"request_id"}; `request_id` only when there is one.
std::string encode_error(const Error& error, std::string_view request_id);

}  // namespace ccr::wire::openai_chat
