// The subcommands of `ccr config` that need more than a few lines; each returns the exit code.
#pragma once

#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/surroundings.h"

namespace ccr::cli {

/// Opens a copy in the user's editor, checks it and puts it in place.
int edit_config(const Options& options, const Surroundings& here);
/// Every finding of the file, or of the one that is named.
int check_config(const Options& options, const Surroundings& here);
/// Takes over a configuration of the reference's.
int import_config(const Options& options, const Surroundings& here);

/// A finding as a terminal line, its severity coloured.
std::string colored_finding(const config::Finding& finding, bool colored);

/// What differs between two configurations' texts, for a person: "+ provider x (2 models)". No
/// value of a secret.
std::vector<std::string> config_changes(const std::string& before, const std::string& after);

}  // namespace ccr::cli
