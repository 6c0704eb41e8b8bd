// Which parser reads a streamed answer, by what the upstream says it sends. Pure.
#pragma once

#include <memory>
#include <string_view>

#include "net/headers.h"
#include "net/message_parser.h"

namespace ccr::gateway {

/// Whether an answer with these headers is a stream of events. `asked`: a stream was asked for.
bool is_event_stream(const net::Headers& headers, bool asked);

/// Amazon's binary framing where the content type names it, else server-sent events.
std::unique_ptr<net::MessageParser> parser_of(std::string_view content_type);

/// Whether this content type is the binary framing.
bool is_aws_event_stream(std::string_view content_type);

}  // namespace ccr::gateway
