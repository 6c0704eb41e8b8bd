// The text of an EnvironmentFile (systemd.exec(5)): NAME=value lines, whose values may stand in
// single or double quotes. Pure functions.
#pragma once

#include <map>
#include <string>

namespace ccr::cli {

using Variables = std::map<std::string, std::string>;

/// What such a text says; of a name that stands there twice the last counts.
Variables variables_of(const std::string& text);

/// `text` with these variables: a line that says the same already stays as it is, one that says
/// something else is replaced, and what is not there comes at the end. All other lines stay.
std::string with_variables(std::string text, const Variables& variables);

}  // namespace ccr::cli
