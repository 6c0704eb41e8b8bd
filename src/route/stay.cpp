#include "route/stay.h"

#include <fmt/format.h>

namespace ccr::route {
namespace {

using config::Config;
using config::ModelRef;
using config::Stickiness;

// What a provider that says nothing of its prices is not asked to guess at.
std::optional<config::Prices> prices_of(const ModelRef& ref, const Config& config) {
    const config::Provider* provider = config.find_provider(ref.provider);
    if (!provider) return std::nullopt;
    return traits_of(*provider, ref.model).prices;
}

double dollars(std::int64_t tokens, double per_million) {
    return static_cast<double>(tokens) * per_million / 1e6;
}

// Why the home cannot take what the target was chosen for; "" when it can.
std::string unfit(const Facts& facts, const Home& home, const Config& config) {
    const config::Provider* provider = config.find_provider(home.target.provider);
    if (!provider) return "is not configured any more";
    if (provider->broken) return "cannot be used";
    const config::Traits traits = traits_of(*provider, home.target.model);
    if (traits.context_window && facts.input_tokens > *traits.context_window)
        return fmt::format("holds {} tokens only", *traits.context_window);
    if (facts.has_images && traits.vision == false) return "sees no images";
    return "";
}

}  // namespace

std::string cost_of_switch(const Home& home, const ModelRef& to, const Config& config) {
    std::string out = fmt::format("going from {} to {} reads about {} tokens anew",
                                  to_string(home.target), to_string(to), home.cached_tokens);
    const auto there = prices_of(to, config);
    if (!there) return out;
    const double anew = dollars(home.cached_tokens, there->cache_write.value_or(there->input));
    out += fmt::format(" (about ${:.4f}", anew);
    const auto here = prices_of(home.target, config);
    if (here && here->cache_read)
        out += fmt::format(" instead of ${:.4f} from the cache",
                           dollars(home.cached_tokens, *here->cache_read));
    return out + ")";
}

Stay stay(const Facts& facts, const ModelRef& target, Pull pull, const Config& config) {
    if (!facts.home || facts.home->target == target) return {};
    const Home& home = *facts.home;
    const std::string cost = cost_of_switch(home, target, config);
    const Stickiness stickiness = config.routing.stickiness;
    if (stickiness == Stickiness::off) return {false, cost + "; stickiness is off"};
    if (pull == Pull::scenario && stickiness != Stickiness::strict) return {false, cost};
    if (pull == Pull::usual && home.chosen != target && stickiness != Stickiness::strict)
        return {false, cost + "; the Router has chosen anew"};
    if (const std::string why = unfit(facts, home, config); !why.empty())
        return {false, fmt::format("{}; {} {}", cost, to_string(home.target), why)};
    return {true, fmt::format("the conversation stays with {}, which answered it {} s ago: {}",
                              to_string(home.target), home.idle.count(), cost)};
}

}  // namespace ccr::route
