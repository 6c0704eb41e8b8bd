// Errors: {"error":{"code","message","status","details"}}, google.rpc.Status as JSON
// (cloud.google.com/apis/design/errors); a stream asked for without alt=sse wraps it in an array.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/redact.h"
#include "wire/gemini/names.h"
#include "wire/gemini/provider_side.h"
#include "wire/gemini/status_names.h"
#include "wire/upstream_error.h"

namespace ccr::wire::gemini {
namespace {

using json::View;

constexpr double kLongestDelay = 7 * 24 * 3600.0;

// google.rpc.RetryInfo: "retryDelay" is a duration such as "26.5s".
std::optional<std::chrono::seconds> retry_delay(View error) {
    for (const View detail : error["details"].elements()) {
        if (!detail["@type"].text().escaped().ends_with("google.rpc.RetryInfo")) continue;
        const std::string delay = field(detail, "retryDelay").text().decode();
        double seconds = 0;
        const auto [end, failure] =
            std::from_chars(delay.data(), delay.data() + delay.size(), seconds);
        if (failure != std::errc() || std::string_view(end) != "s") continue;
        if (!(seconds >= 0 && seconds <= kLongestDelay)) continue;
        return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(seconds)));
    }
    return std::nullopt;
}

int status_of(View error, int fallback) {
    const auto code = error["code"].integer();
    if (code && *code >= 400 && *code < 600) return static_cast<int>(*code);
    const int named = http_status_of(error["status"].text());
    return named != 0 ? named : fallback;
}

}  // namespace

Error decode_error_object(View error, int status, const Target& target) {
    std::string message =
        error.is_string() ? error.text().decode() : error["message"].text().decode();
    if (message.empty()) message = "an error that names no cause";
    Error out = upstream_error(status_of(error, status), message, target);
    out.retry_after = retry_delay(error);
    return out;
}

Error failed_finish(std::string_view finish_reason, std::string_view message,
                    const Target& target) {
    std::string text =
        fmt::format("The provider broke the answer off with finishReason {}", finish_reason);
    if (!message.empty()) text += fmt::format(": {}", message);
    return upstream_error(502, text, target);
}

Error decode_error(int status, std::string_view body, const Target& target) {
    json::Document document;
    const auto root = document.parse(body);
    View object = root ? *root : View();
    if (object.is_array() && object.has_elements()) object = *object.elements().begin();
    const View inner = object["error"];
    const bool known = inner.is_object() || inner.is_string();
    Error error =
        known ? decode_error_object(inner, status, target) : unreadable_error(status, body, target);
    error.upstream_body = redact::text(body);
    if (known) error.upstream_protocol = Protocol::gemini;
    return error;
}

}  // namespace ccr::wire::gemini
