// `ccr model refresh` and `ccr model forget`: what models hold, by their providers' own lists.
#pragma once

#include <string>

#include "cli/surroundings.h"

namespace ccr::cli {

/// Asks all providers, or the one of that name, and keeps what they say; the exit code.
int refresh_models(const Surroundings& here, const config::Config& config,
                   const std::string& provider);
/// Keeps nothing of them any longer.
int forget_models(const Surroundings& here, const config::Config& config,
                  const std::string& provider);

/// Has running services read anew what the state file has of models; says where one does not.
void have_learned_read(const Surroundings& here);

}  // namespace ccr::cli
