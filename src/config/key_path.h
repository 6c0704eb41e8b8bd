// KeyPath: names one value of a configuration file, as commands take it: "Router.default",
// "Providers.openrouter.models[0]", "traits.models[\"gpt-4.1\"].vision". Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/node.h"

namespace ccr::config {

/// Names of members, and numbers of elements in decimal.
using KeyPath = std::vector<std::string>;

/// Error (invalid_request): an empty name, or a bracket that does not close.
Result<KeyPath> parse_key_path(std::string_view text);
/// As parse_key_path takes it.
std::string key_path_text(const KeyPath& path);

/// The number of an element that a part of a path names.
std::optional<std::size_t> element_number(std::string_view part);

/// `path` with the names as the file spells them (compared without case, '_' and '-' where none is
/// exact), and elements that are named by their "name" as numbers. What the file does not have
/// stays as it is.
KeyPath spelled_in(const Node& root, const KeyPath& path);

/// The value at exactly this path; absent when there is none.
Node node_at(const Node& root, const KeyPath& path);

/// Whether the value is a credential by the names that lead to it.
bool is_secret_path(const KeyPath& path);

}  // namespace ccr::config
