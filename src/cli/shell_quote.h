// Text for shells. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/client_environment.h"

namespace ccr::cli {

/// Whose words a text is: of POSIX shells, fish or PowerShell.
enum class Shell : std::uint8_t { posix, fish, powershell };
/// By the name of a program: "fish", "pwsh"; anything else is taken for a POSIX shell.
Shell shell_named(std::string_view name);

/// `text` in single quotes, so that a shell reads exactly these bytes.
std::string shell_quoted(std::string_view text, Shell shell = Shell::posix);

/// Lines to be evaluated, one a variable, that set or remove it for programs that are started
/// later: `export NAME='value'`, `unset NAME`.
std::string export_lines(const std::vector<Variable>& variables, Shell shell = Shell::posix);

}  // namespace ccr::cli
