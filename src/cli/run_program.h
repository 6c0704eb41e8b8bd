// Runs another program to its end and keeps what it printed. Main thread; blocks.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"

namespace ccr::cli {

/// What `arguments` (the program first, found on PATH) print on standard output. No standard input;
/// files it writes may have 256 MB at most. Error (config): the program is not there, took longer
/// than `time`, or failed - with the end of what it said.
Result<std::string> run_program(const std::vector<std::string>& arguments,
                                const std::string& directory, std::chrono::seconds time);

}  // namespace ccr::cli
