// Condition: when a question is asked, or a value is put into its place.
//
// Pure functions; any thread. The values are an object of answers by question.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ccr::manifest {

/// Whether `when` holds: one `{field, operator, value}`, or a list of which all must hold; anything
/// else always does. Operators: eq (also any that is unknown), ne, gt, lt, gte, lte, in, nin,
/// exists.
bool holds(const nlohmann::ordered_json& when, const nlohmann::ordered_json& values);

/// The questions that `when` looks at.
std::vector<std::string> fields_of(const nlohmann::ordered_json& when);

}  // namespace ccr::manifest
