// The subcommands of `ccr preset`; each returns the exit code.
#pragma once

#include "cli/options.h"
#include "cli/surroundings.h"

namespace ccr::cli {

/// Fetches, agrees on its code, asks its questions, and puts it in place; of one that is installed
/// only the questions.
int install_preset(const Options& options, const Surroundings& here);
/// The configuration as a preset that may be given away.
int export_preset(const Options& options, const Surroundings& here);
int list_presets(const Options& options, const Surroundings& here);
int show_preset(const Options& options, const Surroundings& here);
int delete_preset(const Options& options, const Surroundings& here);

}  // namespace ccr::cli
