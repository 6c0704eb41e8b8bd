#include <fmt/format.h>

#include "wire/openai_chat/client_side.h"
#include "wire/openai_chat/provider_side.h"
#include "wire/openai_error.h"
#include "wire/upstream_error.h"

namespace ccr::wire::openai_chat {

Error failed_finish(std::string_view finish_reason, const Target& target) {
    return upstream_error(
        502,
        fmt::format("The provider broke the answer off with finish_reason \"{}\"", finish_reason),
        target);
}

Error decode_error(int status, std::string_view body, const Target& target) {
    return decode_openai_error(status, body, target, Protocol::openai_chat);
}

std::string encode_error(const Error& error, std::string_view request_id) {
    return encode_openai_error(error, request_id);
}

}  // namespace ccr::wire::openai_chat
