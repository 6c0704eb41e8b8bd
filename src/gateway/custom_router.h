// The custom router: what the user's own script says of a request, before the rules are asked.
//
// One thread, one call.
#pragma once

#include "gateway/call.h"

namespace ccr::gateway {

/// Fills in call.facts.scripted where there is a custom router. Its failure is no error: routing
/// goes on without it, and says so.
net::Task<void> consult_router(Call& call);

}  // namespace ccr::gateway
