// The commands of the command line, one function each; every one returns the process's exit code.
//
// Called once, on the main thread, before any other thread exists.
#pragma once

#include "cli/options.h"
#include "config/loader.h"

namespace ccr::cli {

int start_command(const Options& options, const config::Environment& environment);
int stop_command(const Options& options, const config::Environment& environment);
int restart_command(const Options& options, const config::Environment& environment);
int status_command(const Options& options, const config::Environment& environment);
int activate_command(const Options& options, const config::Environment& environment);
int lessons_command(const Options& options, const config::Environment& environment);
int tokens_command(const Options& options, const config::Environment& environment);
int explain_command(const Options& options, const config::Environment& environment);
int project_command(const Options& options, const config::Environment& environment);
int model_command(const Options& options, const config::Environment& environment);
int plugins_command(const Options& options, const config::Environment& environment);
int config_command(const Options& options, const config::Environment& environment);
int logs_command(const Options& options, const config::Environment& environment);
int provider_command(const Options& options, const config::Environment& environment);
int doctor_command(const Options& options, const config::Environment& environment);
int top_command(const Options& options, const config::Environment& environment);
int completion_command(const Options& options, const config::Environment& environment);
int preset_command(const Options& options, const config::Environment& environment);
/// `ccr preset install`, as the reference has it.
int install_command(const Options& options, const config::Environment& environment);
int service_command(const Options& options, const config::Environment& environment);
int manual_command(const Options& options, const config::Environment& environment);
int statusline_command(const Options& options, const config::Environment& environment);
int demo_command(const Options& options, const config::Environment& environment);

/// Replaces this process by the client; returns only when that cannot be done. `arguments` reach it
/// byte for byte.
int code_command(const Options& options, const config::Environment& environment,
                 Arguments arguments);

/// `ccr __complete SHELL LINE`, for the scripts of `ccr completion`: candidates, one a line.
int complete_command_line(const Arguments& arguments, const config::Environment& environment);

/// Says on stderr what went wrong; kFailed.
int report(const Error& error);

}  // namespace ccr::cli
