// The bytes of a configuration file. Blocking; any thread.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"

namespace ccr::config {

/// nullopt when there is no such file; an error (kind config) when it cannot be read or is beyond
/// 16 MB.
Result<std::optional<std::string>> read_file(const std::string& file);

}  // namespace ccr::config
