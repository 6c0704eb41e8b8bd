// Isolated: starts a program that has no network - in an empty network namespace
// (network_namespaces(7)), and with no socket but those it is given.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace ccr::plugin {

/// Runs `arguments` with `environment` ("NAME=value") in a process group of its own; each
/// descriptor of `placed` stands at its number there, and close-on-exec holds for the others. Error
/// (config): why this system does not let us, in which case nothing runs.
Result<pid_t> run_isolated(const std::vector<std::string>& arguments,
                           const std::vector<std::string>& environment,
                           const std::vector<std::pair<int, int>>& placed);

}  // namespace ccr::plugin
