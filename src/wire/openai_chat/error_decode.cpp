// Error bodies: {"error":{"message","type","code"}} (docs: "Error codes"), and the shapes that
// compatible servers use instead: {"error":"text"}, {"message":"text"}, {"detail":...}, an array
// around any of them.
#include <fmt/format.h>

#include <cctype>

#include "base/redact.h"
#include "wire/context_overflow.h"
#include "wire/openai_chat/provider_side.h"
#include "wire/upstream_error.h"

namespace ccr::wire::openai_chat {
namespace {

using json::View;

std::string message_of(View error) {
    if (error.is_string()) return error.text().decode();
    for (const std::string_view key : {"message", "detail", "msg", "error"}) {
        const View value = error[key];
        if (value.is_string() && !value.text().empty()) return value.text().decode();
    }
    // What the provider behind an aggregator said (openrouter.ai/docs, errors: metadata.raw).
    if (const View raw = error["metadata"]["raw"]; raw.is_string()) return raw.text().decode();
    // FastAPI servers quote the offending input, which is the conversation: only msg and loc are
    // told.
    std::string out;
    for (const View item : error["detail"].elements()) {
        out += fmt::format("{}{} {}", out.empty() ? "" : "; ", item["msg"].text().decode(),
                           item["loc"].raw());
    }
    return out.empty() ? "an error that names no cause" : out;
}

int status_of_type(json::Text type) {
    if (type.equals("rate_limit_error") || type.equals("rate_limit_exceeded") ||
        type.equals("insufficient_quota"))
        return 429;
    if (type.equals("overloaded_error")) return 529;
    if (type.equals("authentication_error") || type.equals("invalid_api_key")) return 401;
    if (type.equals("invalid_request_error") || type.equals("context_length_exceeded")) return 400;
    return 0;
}

// "429": a status written as text.
int status_of_digits(std::string_view text) {
    const bool is_status = text.size() == 3 && (text[0] == '4' || text[0] == '5') &&
                           std::isdigit(static_cast<unsigned char>(text[1])) &&
                           std::isdigit(static_cast<unsigned char>(text[2]));
    return is_status ? (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0') : 0;
}

int status_of(View error, int fallback) {
    const auto code = error["code"].integer();
    if (code && *code >= 400 && *code < 600) return static_cast<int>(*code);
    if (const int digits = status_of_digits(error["code"].text().escaped()); digits != 0)
        return digits;
    const int by_code = status_of_type(error["code"].text());
    if (by_code != 0) return by_code;
    const int by_type = status_of_type(error["type"].text());
    return by_type != 0 ? by_type : fallback;
}

Error with_code(View error, int status, const Target& target) {
    std::string message = message_of(error);
    const std::string code = error["code"].text().decode();
    // The code alone tells an overflow where the message is in other words.
    if (code == "context_length_exceeded" && !says_context_overflow(message))
        message += " (context_length_exceeded)";
    return upstream_error(status, message, target);
}

}  // namespace

View error_in(View object) {
    const View error = object["error"];
    if (error.is_string() && !error.text().empty()) return error;
    if (error.has_elements()) return error;
    return object["object"].text().equals("error") ? object : View();
}

Error failed_finish(std::string_view finish_reason, const Target& target) {
    return upstream_error(
        502,
        fmt::format("The provider broke the answer off with finish_reason \"{}\"", finish_reason),
        target);
}

Error decode_error_object(View error, int status, const Target& target) {
    return with_code(error, status_of(error, status), target);
}

Error decode_error(int status, std::string_view body, const Target& target) {
    json::Document document;
    const auto root = document.parse(body);
    View object = root ? *root : View();
    if (object.is_array() && object.has_elements()) object = *object.elements().begin();
    if (object.is_object() && error_in(object)) object = error_in(object);
    Error error = object.is_object() || object.is_string() ? with_code(object, status, target)
                                                           : unreadable_error(status, body, target);
    error.upstream_body = redact::text(body);
    if (object.is_object()) error.upstream_protocol = Protocol::openai_chat;
    return error;
}

}  // namespace ccr::wire::openai_chat
