// What `ccr doctor` gathers for its rules: of the configuration's file and of the client's
// environment. Touches the file system; main thread.
#pragma once

#include "cli/surroundings.h"
#include "doctor/examine_config.h"
#include "doctor/examine_environment.h"
#include "doctor/remedy.h"

namespace ccr::cli {

/// `config` must outlive the facts.
doctor::ConfigFacts gather_config(const Surroundings& here, const Result<config::Config>& config);

/// Looks for the variable among those that the configuration's file names.
doctor::KeyVariable key_variables(const Surroundings& here);

doctor::EnvironmentFacts gather_environment(const Surroundings& here,
                                            const Result<config::Config>& config);

}  // namespace ccr::cli
