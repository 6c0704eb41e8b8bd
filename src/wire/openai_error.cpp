// Error bodies: {"error":{"message","type","code"}} (docs: "Error codes"), and the shapes that
// compatible servers use instead: {"error":"text"}, {"message":"text"}, {"detail":...}, an array
// around any of them.
#include "wire/openai_error.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <utility>

#include "base/redact.h"
#include "wire/context_overflow.h"
#include "wire/upstream_error.h"

namespace ccr::wire {
namespace {

using json::View;

std::string message_of(View error) {
    if (error.is_string()) return error.text().decode();
    for (const std::string_view key : {"message", "detail", "msg", "error", "status_msg"}) {
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

// MiniMax's codes (platform.minimax.io, "Error codes"), which may come with HTTP 200.
constexpr auto kBaseResp = std::to_array<std::pair<std::int64_t, int>>({
    {1002, 429},  // too many requests
    {1004, 401},  // no such key
    {1008, 402},  // no balance
    {1026, 400},  // the prompt was found unfit
    {1039, 400},  // too many tokens
    {2013, 400},  // a wrong parameter
    {2049, 401},  // an invalid key
});

int status_of_base_resp(std::int64_t code) {
    for (const auto& [known, status] : kBaseResp) {
        if (known == code) return status;
    }
    return 0;
}

// Codes and types with a meaning of their own (guides, "Error codes"; Responses, "The response
// object", error.code).
constexpr auto kStatuses = std::to_array<std::pair<std::string_view, int>>({
    {"rate_limit_error", 429},
    {"rate_limit_exceeded", 429},
    {"insufficient_quota", 429},
    {"usage_limit_reached", 429},
    {"overloaded_error", 529},
    {"server_is_overloaded", 529},
    {"slow_down", 529},
    {"authentication_error", 401},
    {"invalid_api_key", 401},
    {"invalid_request_error", 400},
    {"context_length_exceeded", 400},
    {"invalid_prompt", 400},
});

int status_of_type(json::Text type) {
    for (const auto& [name, status] : kStatuses) {
        if (type.equals(name)) return status;
    }
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
    const std::int64_t status_code = error["status_code"].integer().value_or(0);
    if (const int known = status_of_base_resp(status_code); known != 0) return known;
    for (const std::int64_t code : {status_code, error["code"].integer().value_or(0)}) {
        if (code >= 400 && code < 600) return static_cast<int>(code);
    }
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

// The codes that clients test for (guides, "Error codes"); every other error has none.
std::string_view client_code_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::authentication:
            return "invalid_api_key";
        case ErrorKind::rate_limit:
            return "rate_limit_exceeded";
        case ErrorKind::billing:
            return "insufficient_quota";
        case ErrorKind::context_overflow:
            return "context_length_exceeded";
        default:
            return {};
    }
}

}  // namespace

View openai_error_in(View object) {
    const View error = object["error"];
    if (error.is_string() && !error.text().empty()) return error;
    if (error.has_elements()) return error;
    if (const View base = object["base_resp"]; base["status_code"].integer().value_or(0) != 0)
        return base;
    return object["object"].text().equals("error") ? object : View();
}

Error decode_openai_error_object(View error, int status, const Target& target) {
    return with_code(error, status_of(error, status), target);
}

Error decode_openai_error(int status, std::string_view body, const Target& target,
                          Protocol protocol) {
    json::Document document;
    const auto root = document.parse(body);
    View object = root ? *root : View();
    if (object.is_array() && object.has_elements()) object = *object.elements().begin();
    if (object.is_object() && openai_error_in(object)) object = openai_error_in(object);
    Error error = object.is_object() || object.is_string() ? with_code(object, status, target)
                                                           : unreadable_error(status, body, target);
    error.upstream_body = redact::text(body);
    if (object.is_object()) error.upstream_protocol = protocol;
    return error;
}

void write_openai_error(json::Writer& w, const Error& error) {
    w.open_object().member("message", std::string_view(error.message));
    w.member("type", traits_of(error.kind).openai_type).key("param").null().key("code");
    if (const std::string_view code = client_code_of(error.kind); !code.empty())
        w.string(code);
    else
        w.null();
    w.close_object();
}

std::string encode_openai_error(const Error& error, std::string_view request_id) {
    std::string out;
    json::Writer w(out);
    w.open_object().key("error");
    write_openai_error(w, error);
    if (!request_id.empty()) w.member("request_id", request_id);
    w.close_object();
    return out;
}

}  // namespace ccr::wire
