// CountService: asks a server how many tokens a request has, within a time that nobody minds.
//
// A server that fails is left in peace for a while (Memory::count_pauses). One call's coroutine.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "gateway/call.h"

namespace ccr::gateway {

/// How many tokens `call` has for a provider's model, by the server that its configuration names.
/// nullopt where there is none, or where it did not answer in `time`; the log tells why.
/// `own_too`: also by the provider's own endpoint, where it is known to have one.
net::Task<std::optional<std::int64_t>> asked_count(Call& call, const route::Attempt& target,
                                                   std::chrono::milliseconds time, bool own_too);

}  // namespace ccr::gateway
