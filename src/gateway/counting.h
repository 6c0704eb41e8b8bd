// Counting: how many tokens a request has for the model it is bound for, exactly where that
// matters.
//
// A counted conversation is cheap to count again (tokens/count.h). One thread, one call.
#pragma once

#include <cstdint>

#include "gateway/call.h"

namespace ccr::gateway {

/// As the target counts that routing chooses for this request: by its server where it has one that
/// answers in time, else by its tokenizer.
net::Task<std::int64_t> count_for_target(Call& call);

/// Puts the exact count in the place of the estimate where the long-context rule could go either
/// way.
void settle_length(route::Facts& facts, const config::Config& config);
/// The same, by a server where the default target's configuration names one that answers in time.
net::Task<void> settle_length(Call& call);

}  // namespace ccr::gateway
