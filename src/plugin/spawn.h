// Spawn: a child process with a text as its standard input and sockets from descriptor 3 on.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace ccr::plugin {

struct Spawned {
    pid_t pid = -1;
    int output = -1;         // of what it prints, both ways
    std::vector<int> lanes;  // our ends of its sockets
};

struct SpawnWish {
    std::vector<std::string> arguments;    // the program first
    std::vector<std::string> environment;  // "NAME=value"
    std::string_view input;                // its standard input
    std::size_t lanes = 0;
    bool has_network = true;
};

/// Runs it in a process group of its own. The descriptors are the caller's to close. Error
/// (config): what the system refused.
Result<Spawned> spawn(const SpawnWish& wish);

}  // namespace ccr::plugin
