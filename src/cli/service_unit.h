// ServiceUnit: the files with which the system starts ccr for its user: a unit of systemd's and the
// variables it needs.
//
// Pure functions but for reading the configuration's files. Main thread.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "cli/environment_file.h"
#include "cli/surroundings.h"

namespace ccr::cli {

/// packaging/systemd/ccr.service with `command` in the place of its program, `options` (--config,
/// --port and their values) behind its subcommands, and `environment_file`.
std::string service_unit(const std::string& command, const std::vector<std::string>& options,
                         const std::string& environment_file);

/// What the service must be started with to be the one that these surroundings mean: --config where
/// an option or CCR_CONFIG names it, --port where an option or SERVICE_PORT does.
std::vector<std::string> service_options(const Options& options, const Surroundings& here);

/// The variables that the configuration and the installed presets name and that have a value here.
/// Error: the configuration cannot be parsed.
Result<Variables> named_variables(const Surroundings& here);

}  // namespace ccr::cli
