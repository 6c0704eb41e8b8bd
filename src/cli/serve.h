// Serves in this process until the end is asked for: the body of `ccr start` without --daemon.
#pragma once

#include "cli/surroundings.h"

namespace ccr::cli {

/// The exit code. A service that runs already is announced and is no failure.
int serve(const Surroundings& here, config::Config config);

}  // namespace ccr::cli
