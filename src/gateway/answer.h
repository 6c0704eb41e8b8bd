// Answers: the one place that turns an Error into bytes for a client.
#pragma once

#include <string_view>

#include "net/http_server.h"
#include "wire/codec.h"

namespace ccr::gateway {

net::Answer json_answer(int status, std::string body);

/// The header in which a protocol's clients look for the id of a request.
std::string_view request_id_header(Protocol client);

/// The error in the client's own shape, with retry-after and x-should-retry where they apply. An
/// error body of the client's own protocol goes out word for word: clients recover by its wording.
net::Answer error_answer(const Error& error, const wire::Codec& client,
                         std::string_view request_id);

/// Whether a client should ask again by itself: not where only a person can mend the cause.
bool is_worth_retrying(const Error& error);

}  // namespace ccr::gateway
