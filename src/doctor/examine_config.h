// What is odd about the configuration: all that its reading found, and who else may read it. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/config.h"
#include "doctor/finding.h"

namespace ccr::doctor {

struct ConfigFacts {
    std::string file;
    bool is_there = false;
    bool holds_keys = false;  // themselves, not the names of variables
    unsigned mode = 0;        // permission bits
    /// nullptr: it cannot be read, as `error` says.
    const config::Config* config = nullptr;
    std::string error;
    std::vector<std::string> usable_there = {};  // providers that a running service can use
    std::string library_error = {};  // why what providers are asked with cannot be loaded
};

Findings examine_config(const ConfigFacts& facts);

/// "what; remedy" apart, as messages of the configuration have it. `otherwise`: the remedy where
/// there is none.
std::pair<std::string, std::string> split_message(const std::string& message,
                                                  const std::string& otherwise);

}  // namespace ccr::doctor
