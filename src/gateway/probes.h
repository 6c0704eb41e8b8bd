// What clients ask before and beside their real requests: is anybody there.
#pragma once

#include "net/http_server.h"

namespace ccr::gateway {

/// GET /: name and version.
net::Answer banner_answer();
/// GET /health: 200 from the moment the service is ready.
net::Answer health_answer();
/// HEAD|GET /api/hello: Claude Code's reachability probe.
net::Answer hello_answer();

}  // namespace ccr::gateway
