// The door: who may come in. Names and origins are checked on every route, keys on all but the
// public ones. Pure functions of the request head and the configuration.
#pragma once

#include "base/error.h"
#include "config/config.h"
#include "net/http_server.h"

namespace ccr::gateway {

/// Refuses DNS rebinding (a Host that is not ours) and foreign pages (an Origin that is not ours).
/// The refusal names the configuration key that would allow it. `port` is the one we listen on.
Result<void> check_names(const net::RequestHead& head, const config::Config& config,
                         std::uint16_t port);

/// Compares the key of `x-api-key` or `Authorization: Bearer` with APIKEY, in constant time.
Result<void> check_key(const net::RequestHead& head, const config::Access& access);

}  // namespace ccr::gateway
