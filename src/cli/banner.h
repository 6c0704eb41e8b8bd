// What the commands print for a person: a service's greeting, its state, and who runs already.
//
// Pure functions; every text ends with a line feed.
#pragma once

#include <string>
#include <vector>

#include "cli/paths.h"
#include "cli/service_status.h"
#include "config/well_known_keys.h"

namespace ccr::cli {

/// Greeting of a service in the foreground.
std::string banner(const ServiceStatus& status, const Paths& paths,
                   const std::vector<config::SetupHint>& hints);

/// The block of `ccr status`. `now` in epoch milliseconds.
std::string status_block(const ServiceStatus& status, const Paths& paths, std::int64_t now);

/// "ccr is already running (pid 1, port 3456, ...)", and what is odd about it.
std::string already_running(const ServiceStatus& status, const Paths& paths,
                            std::uint16_t wanted_port, std::int64_t now);

/// What could be set up, as lines to paste; "" without hints.
std::string setup_block(const std::vector<config::SetupHint>& hints,
                        const std::string& config_file);

/// "3 minutes", "2 hours", "1 day".
std::string duration_text(std::int64_t milliseconds);

std::int64_t epoch_ms();

}  // namespace ccr::cli
