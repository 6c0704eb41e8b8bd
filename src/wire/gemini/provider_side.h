// generateContent towards a provider: requests out, answers, streams and errors in.
#pragma once

#include "wire/codec.h"

namespace ccr::wire::gemini {

Encoded encode_request(const chat::Conversation& conversation, const Target& target);
SplicedRequest splice_request(json::View body, const Target& target);
Result<chat::Reply> decode_reply(std::string_view body, const Target& target);
std::unique_ptr<StreamDecoder> open_decoder(const Target& target);
Error decode_error(int status, std::string_view body, const Target& target);
/// The error of an `error` member inside a 200.
Error decode_error_object(json::View error, int status, const Target& target);
/// The error of an answer whose finishReason is a failure; `message` is its finishMessage.
Error failed_finish(std::string_view finish_reason, std::string_view message, const Target& target);
Endpoint endpoint(const Target& target);

}  // namespace ccr::wire::gemini
