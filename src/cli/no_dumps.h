// Keeps the memory of this process, in which keys are, out of core files and away from debuggers.
#pragma once

namespace ccr::cli {

/// From now on, for this process and not for what it executes. CCR_ALLOW_DUMPS=1 in the environment
/// leaves everything as it is.
void forbid_dumps();

}  // namespace ccr::cli
