// Complete answers and errors of the Messages protocol, both ways, and its endpoint.
#pragma once

#include "json/writer.h"
#include "wire/codec.h"

namespace ccr::wire::anthropic {

Result<chat::Reply> decode_reply(std::string_view body, const Target& target);
std::string encode_reply(const chat::Reply& reply, const AnswerContext& context);

/// `usage` objects: of a reply, of message_start and of message_delta alike.
chat::Usage decode_usage(json::View usage);
void encode_usage(json::Writer& w, const chat::Usage& usage);

std::string encode_error(const Error& error, std::string_view request_id);
Error decode_error(int status, std::string_view body, const Target& target);
/// The error of an `error` event or object; status by its type.
Error decode_error_object(json::View error, const Target& target);

Endpoint endpoint(const Target& target);

}  // namespace ccr::wire::anthropic
