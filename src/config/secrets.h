// Which texts of a configuration are secret, for the redactor. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace ccr::config {

/// Whether a key or variable of this name holds a credential: *key, *token, *secret, *password ...
bool names_secret(std::string_view name);

/// Whether what stands under this name is not to be shown or given away: names_secret(), headers
/// that carry credentials (X-Passwd, Cookie), and commands that print a key.
bool holds_secret(std::string_view name);

/// `text` with the credentials in it hidden that its form tells: user info and key-like query
/// values of URLs, tokens of known makers. The same text where there is none.
std::string without_credentials(const std::string& text);

/// Every credential in the tree: values of keys named so, and user info of URLs. Sorted, without
/// repeats.
std::vector<std::string> secrets_of(Node root);

}  // namespace ccr::config
