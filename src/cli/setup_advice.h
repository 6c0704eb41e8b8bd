// What a user without a configuration could set up here: key variables that exist, a local Ollama.
//
// Blocking for 50 ms at most; any thread.
#pragma once

#include <string>
#include <vector>

#include "config/well_known_keys.h"

namespace ccr::cli {

/// The hints of this environment, with Ollama's last when something listens at its port.
std::vector<config::SetupHint> find_setup(const config::Environment& environment);

/// One sentence for the demo's answers, "" without hints.
std::string setup_sentence(const std::vector<config::SetupHint>& hints,
                           const std::string& config_file);

/// Whether a connection to 127.0.0.1:`port` is accepted within 50 ms.
bool is_listening(std::uint16_t port);

}  // namespace ccr::cli
