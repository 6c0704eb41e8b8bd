// Finding: one thing that was looked at - how it is, where, and what to do about it.
//
// Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ccr::doctor {

/// `warning` may be meant so; `failure` keeps something from working.
enum class Severity : std::uint8_t { good, warning, failure };
/// "ok", "warning", "failure".
std::string_view name_of(Severity severity);

/// What a finding is about; the report has a part for each.
enum class Area : std::uint8_t { configuration, environment, service, models };
std::string_view name_of(Area area);

struct Finding {
    Severity severity = Severity::good;
    Area area = Area::configuration;
    std::string check;   // stable: "unknown-key", "both-credentials", "port-taken", ...
    std::string place;   // "config.json:12:7", a file, a variable, "provider,model"
    std::string what;    // what is so; never holds a secret
    std::string remedy;  // what to do about it; "" where all is well
};
using Findings = std::vector<Finding>;

}  // namespace ccr::doctor
