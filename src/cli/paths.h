// Paths: where ccr keeps its state in a user's home, and the private directories for it.
//
// Plain values; the functions touch the file system and may be called from any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "config/loader.h"

namespace ccr::cli {

struct Paths {
    std::string user_home;  // ~
    std::string home;       // ~/.claude-code-router
    std::string run;        // locks and settings files; 0700
    std::string sockets;    // control sockets; `run` unless that is too long for a socket's address
    std::string
        pid_file;  // where the reference keeps it, so that mixed installations see each other
    std::string logs, plugins, presets, settings;
    std::string state;  // the file of what outlives the service
};

Paths paths_of(const config::Environment& environment);

/// Everything the service needs. Error (config) names the directory and the reason.
Result<void> ensure_directories(const Paths& paths);

/// A directory of ours that nobody else can enter (0700), made with its parents where it is
/// missing. Error when it belongs to somebody else or is no directory.
Result<void> ensure_private_directory(const std::string& path);

/// "~/x" for a path below the user's home, for terminals.
std::string shortened(const Paths& paths, const std::string& path);

}  // namespace ccr::cli
