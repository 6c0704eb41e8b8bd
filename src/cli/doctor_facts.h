// What `ccr doctor` gathers for its rules: of the configuration's file and of the client's
// environment. Touches the file system; main thread.
#pragma once

#include "cli/surroundings.h"
#include "doctor/examine_config.h"
#include "doctor/examine_environment.h"

namespace ccr::cli {

/// `config` must outlive the facts.
doctor::ConfigFacts gather_config(const Surroundings& here, const Result<config::Config>& config);

doctor::EnvironmentFacts gather_environment(const Surroundings& here,
                                            const Result<config::Config>& config);

}  // namespace ccr::cli
