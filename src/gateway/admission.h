// Whether one more request is taken on: the limits of the configuration, by client and by provider.
//
// Any thread.
#pragma once

#include "gateway/call.h"
#include "gateway/places.h"

namespace ccr::gateway {

/// A place for a request of this client, held until its answer is complete. Errors: rate_limit,
/// client_gone.
net::Task<Result<Places::Place>> place_of_client(net::Exchange& exchange,
                                                 const config::Config& config, Places& places);

/// A place at a provider, held until its answer is complete. Errors: overloaded, client_gone.
net::Task<Result<Places::Place>> place_at_provider(Call& call, const config::Provider& provider);

}  // namespace ccr::gateway
