// Reached: which models the configuration leads requests to, as far as it names them. Pure.
#pragma once

#include <vector>

#include "config/config.h"

namespace ccr::doctor {

/// Of the Router's routes, names and fallbacks, each once, in that order.
std::vector<config::ModelRef> routed_models(const config::Routing& routing);

/// Whether a route, a name, a fallback or a rule leads to this model.
bool is_reached(const config::Routing& routing, const config::ModelRef& model);

}  // namespace ccr::doctor
