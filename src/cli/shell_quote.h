// Text for POSIX shells. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/client_environment.h"

namespace ccr::cli {

/// `text` in single quotes, so that a shell reads exactly these bytes.
std::string shell_quoted(std::string_view text);

/// Lines for eval: `export NAME='value'`, or `unset NAME`.
std::string export_lines(const std::vector<Variable>& variables);

}  // namespace ccr::cli
