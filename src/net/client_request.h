// What every way to send a ClientRequest does with it in the same manner. Pure; any thread.
#pragma once

#include <chrono>
#include <string_view>

#include "base/error.h"
#include "net/http_client.h"

namespace ccr::net {

/// How long an unused connection is kept: just under the two minutes after which many servers hang
/// up.
inline constexpr std::chrono::seconds kPooledTime{118};

/// Refuses what would make another request of it. Error: config, naming `endpoint`.
Result<void> check_request(const ClientRequest& request, std::string_view endpoint);

/// A header that follows from the request itself; the caller's is left out.
bool is_set_by_client(std::string_view name);

/// Whether a length is told even for an empty body.
bool has_body(const ClientRequest& request);

}  // namespace ccr::net
