#include "route/scenarios.h"

#include <fmt/format.h>

#include <algorithm>

#include "route/agent_names.h"

namespace ccr::route {
namespace {

using config::Routing;

std::string image(const Facts& facts, const Routing& routing, std::string& why_not) {
    if (facts.has_images) return "the last user turn has an image";
    if (facts.had_images && routing.force_image_agent)
        return "an earlier turn has an image, and with forceUseImageAgent no other model gets one";
    why_not =
        facts.had_images ? "only earlier turns have images" : "the last user turn has no image";
    return "";
}

// A session that has been over the threshold is long, though its client may have cut it short for
// the moment.
std::string long_context(const Facts& facts, const Routing& routing, std::string& why_not) {
    const std::int64_t threshold = routing.long_context_threshold;
    if (facts.input_tokens > threshold)
        return fmt::format("{} tokens ({}) are over longContextThreshold {}", facts.input_tokens,
                           facts.counted, threshold);
    if (facts.last_input_tokens > threshold && facts.input_tokens > routing.long_context_minimum)
        return fmt::format(
            "the session's last request had {} tokens, over longContextThreshold {}, and this one "
            "has {} ({}), over longContextMinimum {}",
            facts.last_input_tokens, threshold, facts.input_tokens, facts.counted,
            routing.long_context_minimum);
    why_not = fmt::format("{} tokens ({}) are not over longContextThreshold {}", facts.input_tokens,
                          facts.counted, threshold);
    return "";
}

std::string background(const Facts& facts, const Routing&, std::string& why_not) {
    if (facts.is_title_request) return "the request asks for a session's title";
    if (is_small_name(facts.asked_model))
        return fmt::format("{} is a small model's name", facts.asked_model);
    why_not =
        fmt::format("{} is no small model's name, and no title is asked for", facts.asked_model);
    return "";
}

std::string web_search(const Facts& facts, const Routing&, std::string& why_not) {
    if (facts.web_search) return "the request offers nothing but a search that the provider runs";
    why_not = "it is no search request";
    return "";
}

std::string think(const Facts& facts, const Routing&, std::string& why_not) {
    if (facts.thought.raised_by.empty()) why_not = facts.thought.why_not;
    return facts.thought.raised_by;
}

constexpr std::array<Scenario, 5> kScenarios{{
    {"image", "Router.image", &Routing::image, image},
    {"longContext", "Router.longContext", &Routing::long_context, long_context},
    {"background", "Router.background", &Routing::background, background, true},
    {"webSearch", "Router.webSearch", &Routing::web_search, web_search, true},
    {"think", "Router.think", &Routing::think, think},
}};

}  // namespace

const std::array<Scenario, 5>& scenarios() {
    return kScenarios;
}

std::vector<std::string_view> scenarios_of(const Facts& facts, const Routing& routing) {
    std::vector<std::string_view> out;
    std::string why_not;
    for (const Scenario& scenario : kScenarios) {
        if (!scenario.is(facts, routing, why_not).empty()) out.push_back(scenario.name);
    }
    if (out.empty()) out.emplace_back("default");
    return out;
}

}  // namespace ccr::route
