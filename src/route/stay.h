// Stay: whether a conversation stays where its prompt cache is, and what it costs to leave. Pure
// functions.
#pragma once

#include <string>

#include "route/facts.h"

namespace ccr::route {

/// "going from a,b to c,d reads about 45000 tokens anew (about $0.0135 instead of $0.0014)": prices
/// where they are known.
std::string cost_of_switch(const Home& home, const config::ModelRef& to,
                           const config::Config& config);

/// How far the first choice is binding: a target that a scenario or a rule wants, or the one that
/// is taken where nothing else is wanted.
enum class Pull : std::uint8_t { scenario, usual };

struct Stay {
    bool stays = false;
    std::string why;  // "" = the question did not arise
};
/// Whether a request that would go to `target` goes to its conversation's home in its place.
Stay stay(const Facts& facts, const config::ModelRef& target, Pull pull,
          const config::Config& config);

}  // namespace ccr::route
