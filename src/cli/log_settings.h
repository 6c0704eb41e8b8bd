// The service's log, as its configuration asks for it. Any thread.
#pragma once

#include <span>
#include <string>

#include "base/log.h"
#include "config/config.h"

namespace ccr::cli {

/// `foreground`: readable lines on stderr as well.
log::Settings log_settings(const config::Logging& logging, const std::string& directory,
                           bool foreground);

/// The level of this name; info for one that is unknown, fatal for "silent".
log::Level log_level(const std::string& name);

/// One line per finding, at the level of its severity.
void log_findings(std::span<const config::Finding> findings);

}  // namespace ccr::cli
