#include "wire/openai_error.h"

#include "wire/openai_responses/client_side.h"
#include "wire/openai_responses/provider_side.h"

namespace ccr::wire::openai_responses {

Error decode_error(int status, std::string_view body, const Target& target) {
    return decode_openai_error(status, body, target, Protocol::openai_responses);
}

std::string encode_error(const Error& error, std::string_view request_id) {
    return encode_openai_error(error, request_id);
}

}  // namespace ccr::wire::openai_responses
