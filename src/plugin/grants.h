// Grants: which scripts share a host, and what that host may use - those with the same permissions
// do, as a process has one set of them.
//
// Plain values, made of a configuration, which must outlive them.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "config/config.h"

namespace ccr::plugin {

struct GrantSet {
    config::Permissions permissions;
    bool has_router = false;
    std::vector<const config::ScriptFile*> transformers;
    std::vector<std::string> reads;  // files and folders that are its scripts' own
    std::string key;                 // what tells it from others; "" = everything
};

/// That of the custom router, if there is one, then those of the transformers.
std::vector<GrantSet> grant_sets(const config::Config& config);

/// "the environment's A, B; files below /x; no network; no processes", for people.
std::string describe(const config::Permissions& permissions);

/// The arguments by which `node` holds itself to `set` (nodejs.org/api/permissions.html), for a
/// version that has these `flags`. Error (config): it has no permission model.
Result<std::vector<std::string>> permission_arguments(const GrantSet& set,
                                                      const std::string& flags);
/// Whether they are needed at all.
bool wants_permission_model(const config::Permissions& permissions);

/// "NAME=value" for the host: all of them, or the granted ones and what programs cannot do without
/// (HOME, LANG, PATH, TMPDIR, TZ, USER).
std::vector<std::string> environment_for(const config::Permissions& permissions,
                                         char** environment);

}  // namespace ccr::plugin
