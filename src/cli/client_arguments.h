// The client's own argument vector: what in it concerns `--settings`. Everything else is never
// looked at.
//
// Pure functions.
#pragma once

#include <optional>
#include <string>

#include "cli/options.h"

namespace ccr::cli {

/// Whether these arguments begin a subcommand of the client that knows no `--settings`.
bool is_settingless_subcommand(const Arguments& arguments);

/// The value of the last `--settings X` or `--settings=X` before "--" (the client takes the last
/// one whole).
std::optional<std::string> last_settings(const Arguments& arguments);

/// The arguments without any of these.
Arguments without_settings(const Arguments& arguments);

}  // namespace ccr::cli
