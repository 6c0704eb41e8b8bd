// A configuration of claude-code-router 3 (its config.json, or what its config.sqlite holds) as one
// that this router reads. Pure.
#pragma once

#include <string>
#include <vector>

#include "config/node.h"

namespace ccr::config {

struct Imported {
    std::string text;               // a configuration file
    std::vector<std::string> left;  // what could not be carried over, one sentence each
};

/// Version 3 keeps what only it has: Router.builtInRules, APIKEYS, "gateway" and "profile".
bool is_version_3(const Node& root);

Imported import_version_3(const Node& root);

}  // namespace ccr::config
