#include "cloud/bedrock_stream.h"

#include <array>
#include <utility>

#include "base/base64.h"
#include "base/text_case.h"
#include "json/writer.h"

namespace ccr::cloud {
namespace {

// "InvokeModelWithResponseStream", errors, and what of the Messages protocol says the same.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kExceptions{{
    {"throttlingexception", "rate_limit_error"},
    {"servicequotaexceededexception", "rate_limit_error"},
    {"validationexception", "invalid_request_error"},
    {"accessdeniedexception", "permission_error"},
    {"resourcenotfoundexception", "not_found_error"},
    {"serviceunavailableexception", "overloaded_error"},
    {"modelnotreadyexception", "overloaded_error"},
    {"modeltimeoutexception", "timeout_error"},
    {"expiredtokenexception", "permission_error"},
}};

constexpr std::string_view kNoChunk = "sent a Bedrock chunk that holds no base64 text";
constexpr std::string_view kNoJson = "sent a Bedrock chunk that holds no JSON";

// A line end inside JSON is a blank between tokens, never part of a text; no event's name has one.
void append_line(std::string_view text, std::string& out) {
    for (const char c : text) out += c == '\n' || c == '\r' ? ' ' : c;
}

}  // namespace

std::string_view error_type_of(std::string_view exception) {
    const std::string name = lower_case(exception);
    for (const auto& [known, type] : kExceptions) {
        if (known == name) return type;
    }
    return "api_error";
}

bool BedrockStream::feed(std::string_view bytes, const Sink& sink) {
    if (!problem_.empty()) return false;
    const bool whole =
        frames_.feed(bytes, [&](const net::AwsMessage& message) { on_message(message, sink); });
    return whole && problem_.empty();
}

std::string_view BedrockStream::problem() const {
    return problem_.empty() ? frames_.problem() : problem_;
}

void BedrockStream::on_message(const net::AwsMessage& message, const Sink& sink) {
    if (!problem_.empty()) return;
    if (message.message_type == "exception")
        on_failure(message.exception_type, message.payload, sink);
    else if (message.message_type == "error")
        on_failure(message.error_code, message.error_message, sink);
    else if (message.event_type == "chunk")
        on_chunk(message.payload, sink);
}

// {"bytes": "<base64 of one event of the model's protocol>", "p": "<padding>"}
void BedrockStream::on_chunk(std::string_view payload, const Sink& sink) {
    const auto chunk = payload_.parse(payload);
    const json::View bytes = chunk ? (*chunk)["bytes"] : json::View();
    const auto data = bytes.is_string() ? base64_decode(bytes.text().decode()) : std::nullopt;
    if (!data) {
        problem_ = kNoChunk;
        return;
    }
    const auto event = event_.parse(*data);
    if (!event || !event->is_object()) {
        problem_ = kNoJson;
        return;
    }
    const std::string type = (*event)["type"].text().decode();
    if (!type.empty()) deliver(type, event->raw(), sink);  // without one it is a sign of life
}

void BedrockStream::on_failure(std::string_view type, std::string_view payload, const Sink& sink) {
    const auto root = payload_.parse(payload);
    const json::View object = root && root->is_object() ? *root : json::View();
    json::View message = object["message"];
    if (!message.is_string()) message = object["Message"];
    const std::string words =
        message.is_string() ? message.text().decode() : std::string(payload.substr(0, 300));
    std::string data;
    json::Writer(data)
        .open_object()
        .member("type", std::string_view("error"))
        .key("error")
        .open_object()
        .member("type", error_type_of(type))
        .member("message", std::string_view(words.empty() ? std::string(type) : words))
        .close_object()
        .close_object();
    deliver("error", data, sink);
}

void BedrockStream::deliver(std::string_view event, std::string_view data, const Sink& sink) {
    constexpr std::string_view kEvent = "event: ";
    raw_.assign(kEvent);
    append_line(event, raw_);
    raw_.append("\ndata: ");
    const std::size_t begin = raw_.size();
    append_line(data, raw_);
    raw_.append("\n\n");
    const std::string_view whole = raw_;
    net::SseMessage message;
    message.event = whole.substr(kEvent.size(), event.size());
    message.data = whole.substr(begin, data.size());
    message.raw = whole;
    sink(message);
}

}  // namespace ccr::cloud
