// CodeOf: what of a preset is run on its user's machine, to be agreed to before it is installed.
//
// Pure but for reading the files; any thread.
#pragma once

#include <string>
#include <vector>

#include "manifest/manifest.h"

namespace ccr::manifest {

struct Code {
    std::string what;  // "transformer", "custom router", "status line script", "command for a key"
    std::string file;  // relative to the preset's directory where it is inside; "" for a command
    std::string command;   // or a setting; "" for a file
    std::string checksum;  // SHA-256 of the file in hex, "" when it cannot be read
};

/// Everything that the preset names with the answers it has: scripts, commands, what it sets for
/// Claude Code (which can run commands), and files outside of it that would be sent away. In their
/// order, each once.
std::vector<Code> code_of(const Manifest& manifest);

}  // namespace ccr::manifest
