#include "cloud/refusal.h"

#include <fmt/format.h>

#include <array>

#include "base/text_case.h"
#include "cloud/bedrock_stream.h"
#include "json/document.h"
#include "json/writer.h"

namespace ccr::cloud {
namespace {

using config::Platform;

struct Hint {
    std::string_view in_words;  // lower case
    std::string_view step;
};

// AWS's signature errors name neither clock nor session ("Troubleshoot AWS Signature Version 4
// errors").
constexpr std::array<Hint, 4> kAwsHints{{
    {"signature expired", "set this machine's clock right"},
    {"signature not yet current", "set this machine's clock right"},
    {"security token included in the request is expired", "renew the AWS session"},
    {"on-demand throughput isn",
     "name the model by its inference profile, such as us.anthropic..."},
}};

std::string with_hint(std::string words) {
    const std::string lower = lower_case(words);
    for (const Hint& hint : kAwsHints) {
        if (lower.find(hint.in_words) == std::string::npos) continue;
        while (words.ends_with('.')) words.pop_back();
        return fmt::format("{}; {}", words, hint.step);
    }
    return words;
}

// "x-amzn-errortype: ThrottlingException:http://internal.amazon.com/..."
std::string_view exception_of(const net::Headers& headers) {
    const std::string_view type = headers.get("x-amzn-errortype").value_or("");
    return type.substr(0, type.find(':'));
}

// Signature errors and the like are named by their status alone.
std::string_view type_of(std::string_view exception, int status) {
    const std::string_view type = error_type_of(exception);
    if (type != "api_error") return type;
    switch (status) {
        case 400:
            return "invalid_request_error";
        case 401:
            return "authentication_error";
        case 403:
            return "permission_error";
        case 404:
            return "not_found_error";
        case 413:
            return "request_too_large";
        case 429:
            return "rate_limit_error";
        default:
            return "api_error";
    }
}

std::string messages_error(std::string_view type, std::string_view words) {
    std::string out;
    json::Writer(out)
        .open_object()
        .member("type", std::string_view("error"))
        .key("error")
        .open_object()
        .member("type", type)
        .member("message", words)
        .close_object()
        .close_object();
    return out;
}

std::string of_bedrock(int status, const net::Headers& headers, json::View root, std::string body) {
    json::View message = root["message"];
    if (!message.is_string()) message = root["Message"];
    if (!message.is_string()) return body;
    return messages_error(type_of(exception_of(headers), status),
                          with_hint(message.text().decode()));
}

// Claude's own client knows this wording of "too long", not Google's.
std::string of_vertex(json::View root, std::string body) {
    if (root.is_array()) {
        for (const json::View first : root.elements()) return std::string(first.raw());
    }
    const std::string words = lower_case(root["error"]["message"].text().decode());
    if (words.find("request size exceeds") != std::string::npos)
        return messages_error("invalid_request_error", "Input is too long.");
    return body;
}

}  // namespace

std::string refusal(const config::Provider& provider, int status, const net::Headers& headers,
                    std::string body) {
    const bool speaks_messages = provider.speaks == Protocol::anthropic;
    if (provider.platform == Platform::direct || provider.platform == Platform::azure) return body;
    json::Document document;
    const auto root = document.parse(body);
    if (!root) return body;
    if (provider.platform == Platform::vertex)
        return speaks_messages || root->is_array() ? of_vertex(*root, body) : body;
    return speaks_messages && root->is_object() ? of_bedrock(status, headers, *root, body) : body;
}

}  // namespace ccr::cloud
