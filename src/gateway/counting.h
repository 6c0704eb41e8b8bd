// Counting: how many tokens a request has for the model it is bound for, exactly where that
// matters.
//
// A counted conversation is cheap to count again (tokens/count.h). One thread, one call.
#pragma once

#include <cstdint>

#include "gateway/call.h"

namespace ccr::gateway {

/// By the tokenizer of the target that routing chooses for this request.
std::int64_t count_for_target(const Call& call);

/// Puts the exact count in the place of the estimate where the long-context rule could go either
/// way.
void settle_length(route::Facts& facts, const config::Config& config);

}  // namespace ccr::gateway
