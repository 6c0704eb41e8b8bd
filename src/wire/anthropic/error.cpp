// Errors of the Messages protocol (docs: API overview, "Errors").
#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/redact.h"
#include "wire/anthropic/reply.h"
#include "wire/upstream_error.h"

namespace ccr::wire::anthropic {
namespace {

using json::View;

constexpr std::array<std::pair<std::string_view, int>, 10> kTypes = {{
    {"not_supported", 501},
    {"invalid_request_error", 400},
    {"authentication_error", 401},
    {"billing_error", 402},
    {"permission_error", 403},
    {"not_found_error", 404},
    {"request_too_large", 413},
    {"rate_limit_error", 429},
    {"timeout_error", 504},
    {"overloaded_error", 529},
}};

int status_of(std::string_view type) {
    for (const auto& [name, status] : kTypes) {
        if (name == type) return status;
    }
    return 500;
}

// The client reads the type, so a provider's status keeps its own name whatever kind ccr counts it
// as.
std::string_view type_of(const Error& error) {
    for (const auto& [name, status] : kTypes) {
        if (status == error.status && error.status != 402) return name;
    }
    return error.status >= 500 ? "api_error" : traits_of(error.kind).anthropic_type;
}

}  // namespace

std::string encode_error(const Error& error, std::string_view request_id) {
    std::string out;
    json::Writer w(out);
    w.open_object().member("type", "error").key("error").open_object();
    w.member("type", type_of(error))
        .member("message", std::string_view(error.message))
        .close_object();
    w.member("request_id", request_id).close_object();
    return out;
}

Error decode_error_object(View object, const Target& target) {
    const std::string type = object["type"].text().decode();
    return upstream_error(status_of(type), object["message"].text().decode(), target);
}

Error decode_error(int status, std::string_view body, const Target& target) {
    json::Document document;
    const auto root = document.parse(body);
    const View message = root ? (*root)["error"]["message"] : View();
    Error error = message.is_string() ? upstream_error(status, message.text().decode(), target)
                                      : unreadable_error(status, body, target);
    error.upstream_body = redact::text(body);
    if (message.is_string()) error.upstream_protocol = Protocol::anthropic;
    return error;
}

}  // namespace ccr::wire::anthropic
