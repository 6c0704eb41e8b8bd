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

/// Runs `arguments` in a process group of its own; its standard input is `input`. The descriptors
/// are the caller's to close. Error (config): what the system refused.
Result<Spawned> spawn(const std::vector<std::string>& arguments, std::string_view input,
                      std::size_t lanes);

}  // namespace ccr::plugin
