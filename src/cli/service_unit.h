// ServiceUnit: the files with which the system starts ccr for its user: a unit of systemd's and the
// variables it needs.
//
// Pure functions but for reading the configuration's files. Main thread.
#pragma once

#include <map>
#include <string>

#include "base/error.h"
#include "cli/surroundings.h"

namespace ccr::cli {

/// packaging/systemd/ccr.service with `command` in the place of its program, and
/// `environment_file`.
std::string service_unit(const std::string& command, const std::string& environment_file);

using Variables = std::map<std::string, std::string>;

/// The variables that the configuration and the installed presets name and that have a value here.
/// Error: the configuration cannot be parsed.
Result<Variables> named_variables(const Surroundings& here);

/// The text of an EnvironmentFile (systemd.exec(5)), and what such a text says; lines that are
/// neither comments nor assignments are lost.
std::string environment_text(const Variables& variables);
Variables variables_of(const std::string& text);

}  // namespace ccr::cli
