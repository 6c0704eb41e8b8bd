// Whether the keys of a configuration are known, and warnings about those that are not.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/node.h"
#include "config/report.h"
#include "config/schema.h"

namespace ccr::config {

/// The router's scenario names in their usual spelling: "default", "background", ...
std::span<const std::string_view> scenario_names();

/// Whether people use such a name for comments ("//...", "_...", "#..."), or for the file's schema.
bool is_comment(std::string_view name);

/// Whether the section has this name, or it is a comment's.
bool is_known(const Section& section, std::string_view name);

/// Warns about unknown members of `object`. `is_used` may vouch for names that the section does not
/// have (may be empty).
void check_names(const Node& object, const Section& section, Report& report,
                 bool (*is_used)(const void* context, const std::string& name) = nullptr,
                 const void* context = nullptr);

}  // namespace ccr::config
