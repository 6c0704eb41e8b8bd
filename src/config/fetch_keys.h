// Keys of providers that do not stand in the configuration: `api_key_command` and `api_key_file`.
//
// Blocking. Only the process that serves fetches them; other commands need no keys.
#pragma once

#include "config/config.h"

namespace ccr::config {

/// Runs the commands and reads the files. A provider whose key cannot be had is broken, with a
/// finding; of several keys that one is left out. The keys join config.secrets.
void fetch_keys(Config& config);

/// Whether fetch_key() has something to fetch.
bool is_fetched(const Provider& provider);
/// The key of now. Error (config): goes on after "the api_key_command of provider x".
Result<std::string> fetch_key(const Provider& provider);

}  // namespace ccr::config
