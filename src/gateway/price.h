// Price: what an answer cost and how much its model holds, by the configuration that routed it.
// Pure functions.
#pragma once

#include "config/config.h"
#include "event/event.h"

namespace ccr::gateway {

/// The cost in the currency of the target's prices (US dollars in presets), from its tokens.
double cost_of(const event::Settled& answer, const config::Prices& prices);

/// Notes the cost and the context window of `answer`'s target, where `config` knows them.
void price(event::Settled& answer, const config::Config& config);

}  // namespace ccr::gateway
