#include "gateway/stream_parser.h"

#include "base/text_case.h"
#include "cloud/bedrock_stream.h"
#include "net/sse.h"

namespace ccr::gateway {

bool is_aws_event_stream(std::string_view content_type) {
    return lower_case(content_type).starts_with("application/vnd.amazon.eventstream");
}

bool is_event_stream(const net::Headers& headers, bool asked) {
    const auto type = headers.get("content-type");
    if (!type) return asked;
    if (is_aws_event_stream(*type)) return true;
    const std::string lower = lower_case(*type);
    if (lower.find("event-stream") != std::string::npos) return true;
    // Some servers stream under a wrong type; none sends a whole answer as plain text.
    return asked && lower.find("json") == std::string::npos;
}

std::unique_ptr<net::MessageParser> parser_of(std::string_view content_type) {
    if (is_aws_event_stream(content_type)) return std::make_unique<cloud::BedrockStream>();
    return std::make_unique<net::SseParser>();
}

}  // namespace ccr::gateway
