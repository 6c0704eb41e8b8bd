// Responses towards a provider: requests out, answers, streams and errors in.
#pragma once

#include "wire/codec.h"

namespace ccr::wire::openai_responses {

Encoded encode_request(const chat::Conversation& conversation, const Target& target);
/// The client's own bytes with the model's name replaced and without reasoning that another
/// provider sealed.
SplicedRequest splice_request(json::View body, const Target& target);
Result<chat::Reply> decode_reply(std::string_view body, const Target& target);
std::unique_ptr<StreamDecoder> open_decoder(const Target& target);
Error decode_error(int status, std::string_view body, const Target& target);
Endpoint endpoint(const Target& target);

}  // namespace ccr::wire::openai_responses
