#include "gateway/price.h"

#include <gtest/gtest.h>

#include "config/loader.h"

namespace ccr::gateway {
namespace {

config::Config priced_at(const std::string& input) {
    auto parsed = config::parse_config(
        "{Providers: [{name: 'p', api_base_url: 'https://x.example.com/v1/chat/completions', "
        "api_key: 'k', models: ['m'], traits: {context_window: 1234, prices: {input: " +
            input + ", output: 4, cache_read: 0.5}}}]}",
        "c.json5", [](auto) { return std::optional<std::string>(); });
    return std::move(*parsed);
}

event::Settled answer(const std::string& target) {
    event::Settled out;
    out.target = target;
    out.input = 1'000'000;
    out.output = 500'000;
    out.cache_read = 2'000'000;
    return out;
}

TEST(Price, IsThatOfTheConfigurationThatRouted) {
    event::Settled cheap = answer("p,m"), dear = answer("p,m");
    price(cheap, priced_at("1"));
    price(dear, priced_at("10"));
    EXPECT_DOUBLE_EQ(cheap.cost.value_or(0), 1 + 2 + 1);
    EXPECT_DOUBLE_EQ(dear.cost.value_or(0), 10 + 2 + 1);
    EXPECT_EQ(dear.window, 1234);
}

TEST(Price, OfATargetThatIsNotThereIsUnknown) {
    for (const char* target : {"", "p", "gone,m"}) {
        event::Settled one = answer(target);
        price(one, config::Config{});
        EXPECT_FALSE(one.cost || one.window) << target;
    }
}

}  // namespace
}  // namespace ccr::gateway
