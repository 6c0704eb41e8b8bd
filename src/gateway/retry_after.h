// The time that a provider asks to be left alone, out of its answer's head. Pure.
#pragma once

#include <chrono>
#include <optional>

#include "net/headers.h"

namespace ccr::gateway {

/// `retry-after` as seconds or as a date (RFC 9110, 10.2.3). A date counts from the answer's own
/// `date` where there is one, so that our clock need not agree with the provider's; never negative.
std::optional<std::chrono::seconds> retry_after_of(const net::Headers& headers,
                                                   std::chrono::system_clock::time_point now);

}  // namespace ccr::gateway
