// The schema as documents: for editors, and for people. Pure.
#pragma once

#include <string>

namespace ccr::config {

/// A JSON Schema (draft 2020-12) of the configuration: every spelling, and texts with variables in
/// the place of any value, are allowed; keys that are not known are, too.
std::string json_schema();

/// docs/configuration.md.
std::string reference_markdown();

}  // namespace ccr::config
