// The command line's first word, and who answers it.
#pragma once

#include "cli/options.h"
#include "config/loader.h"

namespace ccr::cli {

/// Runs the command; the process's exit code. `arguments` are those after the program's name.
int dispatch(Arguments arguments, const config::Environment& environment);

/// The text of `ccr help`; `colored`: with escapes for a terminal.
std::string help_text(bool colored = false);

}  // namespace ccr::cli
