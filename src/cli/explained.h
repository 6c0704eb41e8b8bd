// Explained: what `ccr explain` knows of a request, as JSON, and as text for people.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "gateway/explain.h"

namespace ccr::cli {

/// With `bodies` each target has the body that would be sent to it.
nlohmann::ordered_json to_json(const gateway::Explanation& explanation, bool bodies);

/// From the lines of the application log that are about one request: the same members, as far as
/// the log has them.
nlohmann::ordered_json of_log_lines(const std::vector<nlohmann::ordered_json>& lines);

/// The tree for a terminal.
std::string to_text(const nlohmann::ordered_json& explained);

}  // namespace ccr::cli
