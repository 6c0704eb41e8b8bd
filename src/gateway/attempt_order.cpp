#include "gateway/attempt_order.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "store/digest.h"

namespace ccr::gateway {
namespace {

// Between 0 and 1, the same for the same names after a restart.
double fraction_of(std::string_view spread, const std::string& key) {
    const std::string hex = store::digest({spread, key}).substr(0, 13);
    return (static_cast<double>(std::stoull(hex, nullptr, 16)) + 1) / (0x1p52 + 2);
}

std::vector<const config::Provider*> keys_in_order(const config::Provider& provider,
                                                   std::string_view spread) {
    if (provider.by_key.empty()) return {&provider};
    std::vector<std::pair<double, const config::Provider*>> scored;
    for (const config::Provider& one : provider.by_key)
        scored.emplace_back(std::log(fraction_of(spread, one.api_key)) / one.key_weight, &one);
    std::ranges::sort(scored, std::greater<>(), &std::pair<double, const config::Provider*>::first);
    std::vector<const config::Provider*> out;
    for (const auto& [score, one] : scored) out.push_back(one);
    return out;
}

}  // namespace

std::vector<OrderedTarget> attempt_order(const std::vector<route::Attempt>& attempts,
                                         std::string_view spread, TargetHealth& health) {
    std::vector<OrderedTarget> out;
    for (const route::Attempt& attempt : attempts) {
        OrderedTarget target{keys_in_order(*attempt.provider, spread), attempt.model, out.size(),
                             false};
        const auto rests = [&](const config::Provider* key) {
            return health.is_resting(*key, attempt.model);
        };
        std::ranges::stable_partition(target.keys, [&](auto* key) { return !rests(key); });
        target.rests = rests(target.keys.front());
        out.push_back(std::move(target));
    }
    std::ranges::stable_partition(out, [](const OrderedTarget& target) { return !target.rests; });
    return out;
}

}  // namespace ccr::gateway
