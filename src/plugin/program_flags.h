// Which permission flags a Node has: its versions differ.
#pragma once

#include <string>

#include "base/error.h"

namespace ccr::plugin {

/// "--permission --allow-fs-read ..." of `program`, which is run for it once per process (some tens
/// of milliseconds, five seconds at most). Any thread. Error (config): it cannot be run.
Result<std::string> program_flags(const std::string& program);

}  // namespace ccr::plugin
