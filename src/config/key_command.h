// Runs a command of the user's that prints a key.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"

namespace ccr::config {

/// What `command` prints when `sh` runs it; its stderr is dropped, since it may hold secrets. Any
/// thread; blocks for `time` at most. Error (config): it failed, printed too much or took too long;
/// the text goes on after "the api_key_command of provider x".
Result<std::string> run_key_command(const std::string& command, std::chrono::milliseconds time);

}  // namespace ccr::config
