// Errors that come inside an answer: failed responses and error events.
#pragma once

#include "json/document.h"
#include "wire/codec.h"

namespace ccr::wire::openai_responses {

/// Whether a response object is one of an answer that failed or was cancelled.
bool is_failure(json::View response);

/// The error of such a response.
Error error_of_response(json::View response, const Target& target);

/// The error of an `error` event, whose members stand flat or, as servers also send them, in
/// `error`.
Error error_of_event(json::View event, const Target& target);

}  // namespace ccr::wire::openai_responses
