// The environment that makes the client talk to ccr: what `ccr code` sets and `ccr activate`
// prints.
//
// Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/loader.h"

namespace ccr::cli {

/// A variable and its value; nullopt = it must not be set.
struct Variable {
    std::string name;
    std::optional<std::string> value;
    bool yields = false;  // only a default: what the user's settings say instead stands
};

/// `endpoint`: "http://127.0.0.1:3456". `environment`: the one to be extended (NO_PROXY keeps its
/// entries).
std::vector<Variable> client_environment(const config::Config& config, const std::string& endpoint,
                                         const config::Environment& environment);

/// A NO_PROXY list with `hosts` added where they are missing; "*" covers everything.
std::string extended_no_proxy(const std::string& list, const std::vector<std::string>& hosts);

/// The host of an endpoint, without brackets.
std::string host_of(const std::string& endpoint);

}  // namespace ccr::cli
