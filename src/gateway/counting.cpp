#include "gateway/counting.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "gateway/count_service.h"
#include "route/route.h"
#include "tokens/choose.h"

namespace ccr::gateway {
namespace {

// An estimate is never this many times off, whatever the text.
constexpr std::int64_t kFarOff = 4;

// A client that asks for a count waits for nothing else; a request that is to be routed does.
constexpr std::chrono::milliseconds kCountPatience{3000};
constexpr std::chrono::milliseconds kRoutingPatience{1000};

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

route::Attempt usual_target(const route::Facts& facts, const config::Config& config) {
    const config::Routing& routing = config.routing;
    const auto& usual = routing.fallback_default ? routing.fallback_default : routing.long_context;
    if (!usual) return {nullptr, facts.asked_model};
    return {config.find_provider(usual->provider), usual->model};
}

}  // namespace

net::Task<std::int64_t> count_for_target(Call& call) {
    const auto decision = route::route(call.facts, *call.config);
    if (!decision || decision->attempts.empty())
        co_return tokens::choose_counter(nullptr, call.facts.asked_model)
            .counter->count(call.conversation);
    const route::Attempt& target = decision->attempts.front();
    if (const auto asked = co_await asked_count(call, target, kCountPatience, true))
        co_return *asked;
    co_return tokens::choose_counter(target.provider, target.model)
        .counter->count(call.conversation);
}

// The default target's tokenizer counts: which target it will be depends on the count.
void settle_length(route::Facts& facts, const config::Config& config) {
    // A custom router may compare with any number.
    const bool is_asked = !config.scripts.custom_router.empty();
    if (!is_asked && !matters(facts, config.routing)) return;
    const route::Attempt usual = usual_target(facts, config);
    const tokens::Choice choice = tokens::choose_counter(usual.provider, usual.model);
    facts.input_tokens = choice.counter->count(*facts.conversation);
    facts.counted = fmt::format("counted by {}", choice.counter->encoding_name());
}

net::Task<void> settle_length(Call& call) {
    const bool is_open = matters(call.facts, call.config->routing);
    settle_length(call.facts, *call.config);
    const route::Attempt usual = usual_target(call.facts, *call.config);
    if (!is_open || !usual.provider) co_return;
    const auto asked = co_await asked_count(call, usual, kRoutingPatience, false);
    if (!asked) co_return;
    call.facts.input_tokens = *asked;
    call.facts.counted = fmt::format("counted by {}", usual.provider->name);
}

}  // namespace ccr::gateway
