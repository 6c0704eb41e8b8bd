// The order in which a request's targets and their keys are tried. Pure but for what TargetHealth
// knows.
//
// Of several keys a conversation keeps the one that its session's name leads to (rendezvous
// hashing, by weight), because a provider's prompt cache belongs to the account; when that key
// rests, the session's next one takes its place, and it comes back afterwards. Targets that rest
// are tried after those that do not.
#pragma once

#include <string>
#include <vector>

#include "gateway/target_health.h"
#include "route/route.h"

namespace ccr::gateway {

/// One target with its keys in order; never empty.
struct OrderedTarget {
    std::vector<const config::Provider*> keys;
    std::string model;
    std::size_t choice = 0;  // its place in routing's order
    bool rests = false;
};

/// `spread`: what tells sessions apart; of one without a session, the request.
std::vector<OrderedTarget> attempt_order(const std::vector<route::Attempt>& attempts,
                                         std::string_view spread, TargetHealth& health);

}  // namespace ccr::gateway
