// The door: who may come in. Names and origins are checked on every route, keys on all but the
// public ones. Pure functions of the request head and the configuration.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "config/config.h"
#include "net/http_server.h"

namespace ccr::gateway {

/// Refuses DNS rebinding (a Host that is not ours) and foreign pages (an Origin that is not ours).
/// The refusal names the configuration key that would allow it. `port` is the one we listen on.
Result<void> check_names(const net::RequestHead& head, const config::Config& config,
                         std::uint16_t port);

/// The keys that a client presents, wherever its protocol puts them: `Authorization: Bearer`,
/// `x-api-key`, `x-goog-api-key` and `?key=`. Empty ones are left out.
std::vector<std::string> presented_keys(const net::RequestHead& head);

/// Compares every presented key with APIKEY, in constant time; one that fits opens.
Result<void> check_key(const net::RequestHead& head, const config::Access& access);

}  // namespace ccr::gateway
