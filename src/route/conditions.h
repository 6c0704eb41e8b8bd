// Conditions of the user's rules, asked of a request. Pure functions.
#pragma once

#include <string>

#include "config/rules.h"
#include "route/facts.h"

namespace ccr::route {

/// "" when all of them hold; else the first that does not, for people: "model is claude-opus-5-5,
/// not *haiku*".
std::string unmet(const config::Conditions& when, const Facts& facts,
                  const config::Routing& routing);

/// What all that holds says, for people: "model claude-haiku-5-5, effort high"; "always" for none.
std::string met(const config::Conditions& when, const Facts& facts);

}  // namespace ccr::route
