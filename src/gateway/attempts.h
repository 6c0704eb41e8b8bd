// The targets of one request, tried until one answers: retries, keys and fallbacks. Nothing is
// tried again once content was delivered.
#pragma once

#include "gateway/call.h"
#include "gateway/client_stream.h"
#include "route/route.h"

namespace ccr::gateway {

/// `stream`: the client's half, nullptr for a whole answer. Error: no target answered; it is the
/// one that the client can do most with, with the provider's retry-after.
net::Task<Result<void>> first_working(Call& call, const route::Decision& decision,
                                      ClientStream* stream);

}  // namespace ccr::gateway
