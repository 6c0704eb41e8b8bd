#include "gateway/price.h"

namespace ccr::gateway {

double cost_of(const event::Settled& answer, const config::Prices& prices) {
    const auto million = [](const std::optional<std::int64_t>& tokens, double price) {
        return static_cast<double>(tokens.value_or(0)) * price / 1e6;
    };
    return million(answer.input, prices.input) + million(answer.output, prices.output) +
           million(answer.cache_read, prices.cache_read.value_or(prices.input)) +
           million(answer.cache_write, prices.cache_write.value_or(prices.input));
}

void price(event::Settled& answer, const config::Config& config) {
    const auto ref = config::parse_model_ref(answer.target);
    const config::Provider* provider = ref ? config.find_provider(ref->provider) : nullptr;
    if (!provider) return;
    const config::Traits traits = config::traits_of(*provider, ref->model);
    answer.window = traits.context_window;
    if (traits.prices) answer.cost = cost_of(answer, *traits.prices);
}

}  // namespace ccr::gateway
