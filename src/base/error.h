// Error: what went wrong, whose fault it is and whether another try can help.
//
// Decided where the error is born, so that no later room has to guess from a status or a text.
// Plain values; any thread; no lifetime beyond their own.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/protocol.h"

namespace ccr {

enum class ErrorKind : std::uint8_t {
    invalid_request,       // the client's request cannot be understood or carried out
    authentication,        // no key, or a wrong one
    permission,            // a key without the right, a foreign Host or Origin
    not_found,             // unknown path or model
    method_not_allowed,    // known path, wrong method
    request_timeout,       // the client took too long to send its request
    request_too_large,     // body over the limit
    headers_too_large,     // request head over the limit
    unsupported_media,     // a body that is not JSON
    rate_limit,            // ours or the provider's
    billing,               // out of credit, a cap reached
    context_overflow,      // the conversation does not fit the model
    overloaded,            // provider says it is busy
    not_supported,         // understood, but ccr does not do it
    config,                // the user's configuration makes this impossible
    upstream_unreachable,  // DNS, connect, TLS, proxy
    upstream_timeout,      // no first event, silence, or over the total time
    upstream_protocol,     // garbage, truncated stream, wrong shape
    upstream_failure,      // provider answered with a 5xx or an error event
    empty_reply,           // provider answered well, but with nothing
    client_gone,           // the client closed its connection
    internal,              // a defect of ccr
};

enum class Fault : std::uint8_t { client, upstream, gateway, config };
enum class Retry : std::uint8_t { no, same_target, next_target };

struct [[nodiscard]] Error {
    ErrorKind kind = ErrorKind::internal;
    Fault fault = Fault::gateway;
    Retry retry = Retry::no;
    int status = 500;                           // HTTP status for the client
    std::string message;                        // for a person; names thing, place and next step
    std::vector<std::string> context;           // where it passed, innermost first; logs only
    std::string upstream_body;                  // the provider's own error body, as received
    std::optional<Protocol> upstream_protocol;  // whose shape upstream_body has
    std::optional<std::chrono::seconds> retry_after;
};

template <typename T>
using Result = std::expected<T, Error>;

/// What one kind means on the outside: the single table that maps kinds to statuses and names.
struct KindTraits {
    ErrorKind kind;
    std::string_view name;  // stable, for logs
    int status;             // default HTTP status
    Fault fault;
    Retry retry;
    std::string_view anthropic_type;  // error.type in Anthropic's error body
    std::string_view openai_type;     // error.type in OpenAI's error body
};
const KindTraits& traits_of(ErrorKind kind);

/// An error with the kind's default status, fault and retry.
Error make_error(ErrorKind kind, std::string message);
std::unexpected<Error> fail(ErrorKind kind, std::string message);

/// The kind that a provider's HTTP status stands for (400..599).
ErrorKind kind_of_status(int status);

}  // namespace ccr

// Propagation in declaring form: a statement expression around co_await crashes g++ 12.2. TRY_DO
// and CO_TRY_DO are two statements and want braces under an `if`.
#define CCR_CONCAT_(a, b) a##b
#define CCR_CONCAT(a, b) CCR_CONCAT_(a, b)
#define CCR_TRY_IMPL(tmp, decl, expr, ret)                 \
    auto tmp = (expr);                                     \
    if (!tmp) ret std::unexpected(std::move(tmp).error()); \
    decl = std::move(*tmp)
#define CCR_TRY_DO_IMPL(tmp, expr, ret) \
    auto tmp = (expr);                  \
    if (!tmp) ret std::unexpected(std::move(tmp).error())
#define TRY(decl, expr) CCR_TRY_IMPL(CCR_CONCAT(try_, __COUNTER__), decl, expr, return)
#define TRY_DO(expr) CCR_TRY_DO_IMPL(CCR_CONCAT(try_, __COUNTER__), expr, return)
#define CO_TRY(decl, expr) CCR_TRY_IMPL(CCR_CONCAT(try_, __COUNTER__), decl, expr, co_return)
#define CO_TRY_DO(expr) CCR_TRY_DO_IMPL(CCR_CONCAT(try_, __COUNTER__), expr, co_return)
