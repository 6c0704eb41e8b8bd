// Errors as OpenAI writes them, both ways; its two protocols share them.
//
// Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "json/document.h"
#include "json/writer.h"
#include "wire/codec.h"

namespace ccr::wire {

/// A refusal's body. `protocol` is the one that the provider was spoken to in.
Error decode_openai_error(int status, std::string_view body, const Target& target,
                          Protocol protocol);

/// The error of an `error` member inside a 200; `status` where neither its code nor its type says
/// one.
Error decode_openai_error_object(json::View error, int status, const Target& target);

/// The error that an answer, a chunk or a choice holds in place of what it should, or nothing. Some
/// servers always send an `error` member, empty; vLLM's older ones send
/// {"object":"error","message"}, MiniMax {"base_resp":{"status_code","status_msg"}}.
json::View openai_error_in(json::View object);

/// An `error` object for a client.
void write_openai_error(json::Writer& w, const Error& error);

/// {"error":{"message","type","param","code"},"request_id"}; `request_id` only when there is one.
std::string encode_openai_error(const Error& error, std::string_view request_id);

}  // namespace ccr::wire
