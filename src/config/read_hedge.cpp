// `hedge`: when a second target is asked beside the first, and for which requests.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

void read_after(const Reading& reading, const Node& node, Hedging& out) {
    // Nothing to wait for, unlike with every other time of the file.
    const auto number = number_of(reading, node, "hedge.after_ms");
    if (!number) return;
    if (*number == 0)
        out.after = std::chrono::milliseconds(0);
    else if (const auto after = milliseconds_of(reading, node, "hedge.after_ms"))
        out.after = *after;
}

void read_most_tokens(const Reading& reading, const Node& node, Hedging& out) {
    constexpr double kLargest = 100'000'000;
    const auto number = number_of(reading, node, "hedge.max_input_tokens");
    if (!number) return;
    if (*number >= 1 && *number <= kLargest && *number == std::floor(*number)) {
        out.most_tokens = static_cast<std::int64_t>(*number);
        return;
    }
    reading.report.warn("invalid-value", node.place(),
                        fmt::format("hedge.max_input_tokens should be a whole number from 1 to "
                                    "{:.0f}; {} is used",
                                    kLargest, out.most_tokens));
}

void read_scenarios(const Reading& reading, const Node& node, Hedging& out) {
    if (!node || node.is_null()) return;
    out.scenarios.clear();
    const auto known = scenario_names();
    for (const std::string& name : list_of(reading, node, "hedge.scenarios")) {
        const auto found = std::ranges::find(known, folded(name), folded);
        if (found != known.end()) {
            out.scenarios.emplace_back(*found);
            continue;
        }
        reading.report.warn("invalid-value", node.place(),
                            fmt::format("\"{}\" is no scenario that hedge.scenarios may name{}",
                                        name, did_you_mean(nearest(name, known))));
    }
}

void check_fallbacks(const Reading& reading, const Node& node, const Config& config) {
    const auto has_fallback = [&config](const std::string& scenario) {
        return std::ranges::any_of(config.routing.fallback, [&](const auto& list) {
            return list.first == scenario && !list.second.empty();
        });
    };
    const bool by_rule = std::ranges::any_of(
        config.routing.rules, [](const Rule& rule) { return !rule.fallback.empty(); });
    if (config.demo || by_rule || std::ranges::any_of(config.hedge->scenarios, has_fallback))
        return;
    reading.report.warn("hedge-without-fallback", node.place(),
                        "hedge has no effect because none of its scenarios has a second target; "
                        "name one, such as fallback: {background: [\"provider,model\"]}");
}

}  // namespace

void read_hedge(const Reading& reading, Config& config) {
    const Node node = reading.root["hedge"];
    if (!node || node.is_null()) return;
    if (!node.is_object()) {
        // `hedge: true` takes everything as it is usual.
        if (!flag_of(reading, node, "hedge").value_or(false)) return;
        config.hedge.emplace();
        return check_fallbacks(reading, node, config);
    }
    check_names(node, kHedgeSection, reading.report);
    Hedging& out = config.hedge.emplace();
    read_after(reading, node["after_ms"], out);
    read_most_tokens(reading, node["max_input_tokens"], out);
    read_scenarios(reading, node["scenarios"], out);
    check_fallbacks(reading, node, config);
}

}  // namespace ccr::config
