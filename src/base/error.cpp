#include "base/error.h"

#include <array>
#include <cstddef>

namespace ccr {
namespace {

using enum ErrorKind;
using F = Fault;
using R = Retry;

constexpr std::array kTable = std::to_array<KindTraits>({
    {invalid_request, "invalid_request", 400, F::client, R::no, "invalid_request_error",
     "invalid_request_error"},
    {authentication, "authentication", 401, F::client, R::no, "authentication_error",
     "authentication_error"},
    {permission, "permission", 403, F::client, R::no, "permission_error", "permission_error"},
    {not_found, "not_found", 404, F::client, R::no, "not_found_error", "not_found_error"},
    {method_not_allowed, "method_not_allowed", 405, F::client, R::no, "invalid_request_error",
     "invalid_request_error"},
    {request_timeout, "request_timeout", 408, F::client, R::no, "timeout_error", "timeout_error"},
    {request_too_large, "request_too_large", 413, F::client, R::no, "request_too_large",
     "invalid_request_error"},
    {headers_too_large, "headers_too_large", 431, F::client, R::no, "invalid_request_error",
     "invalid_request_error"},
    {unsupported_media, "unsupported_media", 415, F::client, R::no, "invalid_request_error",
     "invalid_request_error"},
    {rate_limit, "rate_limit", 429, F::upstream, R::next_target, "rate_limit_error",
     "rate_limit_error"},
    {billing, "billing", 402, F::upstream, R::next_target, "billing_error", "insufficient_quota"},
    {context_overflow, "context_overflow", 400, F::client, R::next_target, "invalid_request_error",
     "invalid_request_error"},
    {overloaded, "overloaded", 529, F::upstream, R::next_target, "overloaded_error",
     "server_error"},
    {not_supported, "not_supported", 501, F::client, R::no, "not_supported",
     "invalid_request_error"},
    {ErrorKind::config, "config", 500, F::config, R::next_target, "api_error", "server_error"},
    {upstream_unreachable, "upstream_unreachable", 502, F::upstream, R::next_target, "api_error",
     "server_error"},
    {upstream_timeout, "upstream_timeout", 504, F::upstream, R::next_target, "timeout_error",
     "server_error"},
    {upstream_protocol, "upstream_protocol", 502, F::upstream, R::next_target, "api_error",
     "server_error"},
    {upstream_failure, "upstream_failure", 502, F::upstream, R::next_target, "api_error",
     "server_error"},
    {empty_reply, "empty_reply", 502, F::upstream, R::next_target, "api_error", "server_error"},
    {client_gone, "client_gone", 499, F::client, R::no, "api_error", "server_error"},
    {internal, "internal", 500, F::gateway, R::no, "api_error", "server_error"},
});

constexpr bool table_is_in_enum_order() {
    for (std::size_t i = 0; i < kTable.size(); ++i) {
        if (static_cast<std::size_t>(kTable[i].kind) != i) return false;
    }
    return true;
}
static_assert(table_is_in_enum_order());

}  // namespace

const KindTraits& traits_of(ErrorKind kind) {
    return kTable[static_cast<std::size_t>(kind)];
}

Error make_error(ErrorKind kind, std::string message) {
    const KindTraits& traits = traits_of(kind);
    Error error;
    error.kind = kind;
    error.fault = traits.fault;
    error.retry = traits.retry;
    error.status = traits.status;
    error.message = std::move(message);
    return error;
}

std::unexpected<Error> fail(ErrorKind kind, std::string message) {
    return std::unexpected(make_error(kind, std::move(message)));
}

ErrorKind kind_of_status(int status) {
    switch (status) {
        case 401:
            return authentication;
        case 402:
            return billing;
        case 403:
            return permission;
        case 404:
            return not_found;
        case 408:
            return upstream_timeout;
        case 409:  // two requests met; the next one may not
            return upstream_failure;
        case 413:
            return request_too_large;
        case 429:
            return rate_limit;
        case 503:
        case 529:
            return overloaded;
        case 504:
            return upstream_timeout;
        default:
            return status >= 500 ? upstream_failure : invalid_request;
    }
}

}  // namespace ccr
