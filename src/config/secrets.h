// Which texts of a configuration are secret, for the redactor. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace ccr::config {

/// Whether a key or variable of this name holds a credential: *key, *token, *secret, *password ...
bool names_secret(std::string_view name);

/// Every credential in the tree: values of keys named so, and user info of URLs. Sorted, without
/// repeats.
std::vector<std::string> secrets_of(Node root);

}  // namespace ccr::config
