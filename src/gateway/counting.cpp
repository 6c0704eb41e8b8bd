#include "gateway/counting.h"

#include <fmt/format.h>

#include <algorithm>

#include "route/route.h"
#include "tokens/choose.h"

namespace ccr::gateway {
namespace {

// An estimate is never this many times off, whatever the text.
constexpr std::int64_t kFarOff = 4;

bool is_open(const route::Facts& facts, std::int64_t threshold) {
    const std::int64_t estimate = facts.input_tokens;
    if (estimate > threshold * kFarOff || estimate * kFarOff < threshold) return false;
    return tokens::most_tokens(*facts.conversation) > threshold;
}

// Whether any rule asks for a number of tokens that the estimate may be on either side of.
bool matters(const route::Facts& facts, const config::Routing& routing) {
    const auto is_asked = [&](const std::optional<std::int64_t>& threshold) {
        return threshold && is_open(facts, *threshold);
    };
    if (routing.long_context && is_open(facts, routing.long_context_threshold)) return true;
    return std::ranges::any_of(routing.rules, [&](const config::Rule& rule) {
        return is_asked(rule.when.tokens_over) || is_asked(rule.when.tokens_under);
    });
}

}  // namespace

std::int64_t count_for_target(const Call& call) {
    const auto decision = route::route(call.facts, *call.config);
    if (!decision || decision->attempts.empty())
        return tokens::choose_counter(nullptr, call.facts.asked_model)
            .counter->count(call.conversation);
    const route::Attempt& target = decision->attempts.front();
    return tokens::choose_counter(target.provider, target.model).counter->count(call.conversation);
}

// The default target's tokenizer counts: which target it will be depends on the count.
void settle_length(route::Facts& facts, const config::Config& config) {
    const config::Routing& routing = config.routing;
    if (!matters(facts, routing)) return;
    const auto& usual = routing.fallback_default ? routing.fallback_default : routing.long_context;
    const config::Provider* const provider =
        usual ? config.find_provider(usual->provider) : nullptr;
    const tokens::Choice choice =
        tokens::choose_counter(provider, usual ? usual->model : facts.asked_model);
    facts.input_tokens = choice.counter->count(*facts.conversation);
    facts.counted = fmt::format("counted by {}", choice.counter->encoding_name());
}

}  // namespace ccr::gateway
