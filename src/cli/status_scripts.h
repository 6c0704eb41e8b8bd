// Runs the scripts of a status line's modules: the user's own JavaScript, in one short-lived
// process.
//
// Blocking; main thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "statusline/theme.h"
#include "statusline/variables.h"

namespace ccr::cli {

/// What each script of `modules` says, "" for a module without one, for a script that fails and for
/// all that are not done after `time`; what went wrong is told on stderr. `node`: the program,
/// "" = found on PATH.
std::vector<std::string> run_status_scripts(const std::vector<statusline::Module>& modules,
                                            const statusline::Variables& variables,
                                            const std::string& node,
                                            std::chrono::milliseconds time);

}  // namespace ccr::cli
