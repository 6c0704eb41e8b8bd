// Scenarios: the kinds of request that the Router has targets of its own for. Pure functions.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "route/facts.h"

namespace ccr::route {

struct Scenario {
    std::string_view name;  // also of its fallback list
    std::string_view key;   // in messages: "Router.think"
    std::optional<config::ModelRef> config::Routing::* target;
    /// Why the request is of this kind; "" when it is not, with the reason in `why_not`.
    std::string (*is)(const Facts&, const config::Routing&, std::string& why_not);
    bool holds_its_own = false;  // a conversation of its own, which no prompt cache is kept for
};

/// In the order in which they are asked.
const std::array<Scenario, 5>& scenarios();

/// The names of all scenarios that a request is of, whatever targets there are; "default" = of
/// none.
std::vector<std::string_view> scenarios_of(const Facts& facts, const config::Routing& routing);

}  // namespace ccr::route
