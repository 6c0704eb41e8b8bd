// What a platform's front door says when it refuses, in the shape that the protocol's codec reads.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "config/config.h"
#include "net/headers.h"

namespace ccr::cloud {

/// The body of a non-2xx answer: Bedrock's {"message"} becomes an error object of the Messages
/// protocol, Vertex's list its first element; anything else stays. Says the next step where the
/// platform's words do not.
std::string refusal(const config::Provider& provider, int status, const net::Headers& headers,
                    std::string body);

}  // namespace ccr::cloud
