// RouterFile: which file a Router is shown of or set in - the configuration, a project's, or a
// session's. Touches the file system; called once per command.
#pragma once

#include <string>

#include "base/error.h"
#include "cli/options.h"
#include "cli/surroundings.h"

namespace ccr::cli {

struct RouterFile {
    std::string project;  // Claude Code's name of the folder; "" = the configuration itself
    std::string session;
    std::string path;
};

/// Claude Code's name for a project's directory: all but letters and digits become '-'.
std::string project_name(const std::string& directory);

/// `always_project`: without --project the current directory's. Error: invalid_request.
Result<RouterFile> router_file_of(const Options& options, const Surroundings& here,
                                  bool always_project);

/// Writes an edited file; the configuration's old text stays as config.json.<time>.bak, as the
/// reference keeps it: three at most.
Result<void> write_router_file(const RouterFile& file, const std::string& before,
                               const std::string& after);

}  // namespace ccr::cli
