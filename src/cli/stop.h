// Ends a running service and waits until it is really gone. Blocking.
#pragma once

#include "cli/instances.h"

namespace ccr::cli {

/// Returns when the service has let go of its lock. Error: it did not in time, or refused.
Result<void> stop_instance(const Paths& paths, const Instance& instance);

}  // namespace ccr::cli
