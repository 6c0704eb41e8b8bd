// Starts the service in the background and waits until it is ready. Blocking; call it before any
// thread exists.
#pragma once

#include "cli/instances.h"
#include "cli/surroundings.h"

namespace ccr::cli {

/// The service of these surroundings after a handshake with it, be it this start's or a parallel
/// one's. `predecessor`: the control socket of the service whose place it takes. Error: what the
/// service said before it ended, or that it was not ready in time.
Result<Instance> start_daemon(const Surroundings& here, const std::string& predecessor = {});

/// The running service, or a new one; `started` tells which.
Result<Instance> ensure_running(const Surroundings& here, const config::Config& config,
                                bool& started);

}  // namespace ccr::cli
