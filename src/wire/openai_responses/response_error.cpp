#include "wire/openai_responses/response_error.h"

#include <fmt/format.h>

#include "wire/openai_error.h"
#include "wire/upstream_error.h"

namespace ccr::wire::openai_responses {

using json::View;

namespace {
constexpr int kUnknown = 502;  // where the error does not say
}

bool is_failure(View response) {
    const json::Text status = response["status"].text();
    return status.equals("failed") || status.equals("cancelled");
}

Error error_of_response(View response, const Target& target) {
    if (const View error = openai_error_in(response))
        return decode_openai_error_object(error, kUnknown, target);
    const std::string status = response["status"].text().decode();
    return upstream_error(
        kUnknown,
        fmt::format("The answer ended with status \"{}\"", status.empty() ? "failed" : status),
        target);
}

Error error_of_event(View event, const Target& target) {
    const View nested = openai_error_in(event);
    return decode_openai_error_object(nested ? nested : event, kUnknown, target);
}

}  // namespace ccr::wire::openai_responses
