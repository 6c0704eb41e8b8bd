// Surroundings: what every command starts from - the environment, the paths and the configuration
// file.
//
// Plain values, made once per process.
#pragma once

#include <string>

#include "cli/instances.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "config/loader.h"

namespace ccr::cli {

struct Surroundings {
    config::Environment environment;  // with --port in the place of SERVICE_PORT
    Paths paths;
    std::string config_file;  // absolute; need not exist
    bool port_is_explicit = false;
};

Surroundings surroundings_of(const Options& options, const config::Environment& environment);

Result<config::Config> load(const Surroundings& surroundings);
/// The service that a command means, also when the configuration cannot be read.
Wanted wanted(const Surroundings& surroundings, const Result<config::Config>& config);

}  // namespace ccr::cli
