// Keys of providers that do not stand in the configuration: `api_key_command` and `api_key_file`.
//
// Blocking. Only the process that serves fetches them; other commands need no keys.
#pragma once

#include "config/config.h"

namespace ccr::config {

/// Runs the commands and reads the files. A provider whose key cannot be had is broken, with a
/// finding. The keys join config.secrets.
void fetch_keys(Config& config);

}  // namespace ccr::config
