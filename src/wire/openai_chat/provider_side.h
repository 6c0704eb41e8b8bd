// Chat Completions towards a provider: requests out, answers, streams and errors in.
#pragma once

#include "wire/codec.h"

namespace ccr::wire::openai_chat {

Encoded encode_request(const chat::Conversation& conversation, const Target& target);
SplicedRequest splice_request(json::View body, const Target& target);
Result<chat::Reply> decode_reply(std::string_view body, const Target& target);
std::unique_ptr<StreamDecoder> open_decoder(const Target& target);
Error decode_error(int status, std::string_view body, const Target& target);
/// The error of an answer whose finish_reason is a failure.
Error failed_finish(std::string_view finish_reason, const Target& target);
Endpoint endpoint(const Target& target);

}  // namespace ccr::wire::openai_chat
