#include <fmt/format.h>

#include <algorithm>

#include "config/interpolate.h"
#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/project_routing.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

// 0 is a threshold like any other: every request is over it.
void read_tokens(const Reading& reading, const Node& node, std::string_view name,
                 std::int64_t& tokens) {
    const auto number = number_of(reading, node, name);
    if (!number) return;
    constexpr double kLargest = 1e12;
    if (*number >= 0 && *number <= kLargest) {
        tokens = static_cast<std::int64_t>(*number);
        return;
    }
    reading.report.warn(
        "invalid-value", node.place(),
        fmt::format("{} should be a number of tokens, 0 or more; {} is used", name, tokens));
}

void read_stickiness(const Reading& reading, const Node& node, Routing& routing) {
    const auto text = text_of(reading, node, "Router.stickiness");
    if (!text) return;
    const std::string word = lowered(trimmed(*text));
    if (word == "off")
        routing.stickiness = Stickiness::off;
    else if (word == "prefer")
        routing.stickiness = Stickiness::prefer;
    else if (word == "strict")
        routing.stickiness = Stickiness::strict;
    else
        reading.report.warn("invalid-value", node.place(),
                            "Router.stickiness should be off, prefer or strict; it is ignored");
}

void read_router(const Reading& reading, const Node& router, Config& config) {
    if (!router || router.is_null()) return;
    if (!router.is_object()) {
        reading.report.error(
            "wrong-type", router.place(),
            fmt::format("Router should be an object but is {}; it is ignored", router.kind()));
        return;
    }
    check_names(router, kRouterSection, reading.report);
    // What a router leaves out stays as the wider one has it.
    const auto take = [&](std::string_view key, std::string_view name,
                          std::optional<ModelRef>& slot) {
        if (auto ref = read_model_ref(reading, router.any_of({key}), name, config))
            slot = std::move(ref);
    };
    Routing& routing = config.routing;
    read_model_names(reading, router.any_of({"models"}), config);
    take("default", "Router.default", routing.fallback_default);
    take("background", "Router.background", routing.background);
    take("think", "Router.think", routing.think);
    take("longcontext", "Router.longContext", routing.long_context);
    take("websearch", "Router.webSearch", routing.web_search);
    take("image", "Router.image", routing.image);
    read_tokens(reading, router.any_of({"longcontextthreshold"}), "Router.longContextThreshold",
                routing.long_context_threshold);
    read_tokens(reading, router.any_of({"longcontextminimum"}), "Router.longContextMinimum",
                routing.long_context_minimum);
    read_think_when(reading, router, routing.think_when);
    read_stickiness(reading, router.any_of({"stickiness"}), routing);
    if (const auto shown = flag_of(reading, router.any_of({"reasons"}), "Router.reasons"))
        routing.show_reasons = *shown;
    read_rules(reading, router.any_of({"rules"}), config);
}

// What the reference's image agent would keep from the usual models goes to the one that sees
// images, so there has to be one.
void read_image_agent(const Reading& reading, Routing& routing) {
    const Node node = reading.root["forceUseImageAgent"];
    if (const auto forced = flag_of(reading, node, "forceUseImageAgent"))
        routing.force_image_agent = *forced;
    if (routing.force_image_agent && !routing.image)
        reading.report.warn("no-image-model", node.place(),
                            "forceUseImageAgent has no effect without Router.image: name the model "
                            "there that requests with images are for");
}

// "longcontext", "long_context" ... in the spelling that routing asks for.
std::string scenario_of(const Reading& reading, const std::string& key, const Node& node) {
    const auto names = scenario_names();
    for (const std::string_view name : names) {
        if (folded(name) == folded(key)) return std::string(name);
    }
    reading.report.warn(
        "unknown-key", node.name_place(),
        fmt::format("\"{}\" is no scenario of fallback{}", key, did_you_mean(nearest(key, names))));
    return key;
}

void read_fallback(const Reading& reading, Config& config) {
    const Node node = reading.root.any_of({"fallback"});
    if (node.is_blank()) return;
    if (!node.is_object()) {
        reading.report.warn(
            "wrong-type", node.place(),
            fmt::format(
                "fallback should be an object such as {{default: [\"provider,model\"]}} but is "
                "{}; it is ignored",
                node.kind()));
        return;
    }
    for (const auto& [key, value] : node.members()) {
        if (is_comment(key)) continue;
        const std::string scenario = scenario_of(reading, key, value);
        const std::string name = "fallback." + scenario;
        std::vector<ModelRef> refs;
        const std::vector<Node> entries =
            value.is_array() ? value.elements() : std::vector<Node>{value};
        for (const Node& entry : entries) {
            if (auto ref = read_model_ref(reading, entry, name, config))
                refs.push_back(*std::move(ref));
        }
        if (!refs.empty()) config.routing.fallback.emplace_back(scenario, std::move(refs));
    }
}

const Provider* first_usable(const Config& config) {
    const auto usable = [](const Provider& p) { return !p.broken && !p.models.empty(); };
    const auto found = std::ranges::find_if(config.providers, usable);
    return found == config.providers.end() ? nullptr : &*found;
}

void choose_default(const Reading& reading, Place place, Config& config) {
    if (config.routing.fallback_default) return;
    const Provider* provider = first_usable(config);
    if (provider == nullptr) {
        reading.report.error("router-default-missing", place,
                             "Router.default is not set and no usable provider lists a model; add "
                             "Router: {default: \"provider,model\"}");
        return;
    }
    config.routing.fallback_default = ModelRef{provider->name, provider->models.front(), place};
    reading.report.warn(
        "router-default-missing", place,
        fmt::format("Router.default is not set; {0},{1} is used, write Router: {{default: "
                    "\"{0},{1}\"}} to choose",
                    provider->name, provider->models.front()));
}

}  // namespace

void read_routing(const Reading& reading, Config& config) {
    const Node router = reading.root.any_of({"router"});
    if (config.demo) {
        // Nothing that a route names exists: the demo answers everything.
        if (!router.is_blank()) {
            reading.report.warn(
                "router-without-providers", router.place(),
                "Router has no effect because there are no providers; add some to Providers");
        }
        return;
    }
    read_router(reading, router, config);
    read_image_agent(reading, config.routing);
    read_fallback(reading, config);
    choose_default(reading, router ? router.place() : Place{}, config);
}

Result<NarrowerRouting> parse_narrower_routing(std::string_view text, const std::string& file,
                                               const Environment& environment,
                                               const Config& config) {
    TRY(Document document, parse_json5(text, file));
    interpolate(document, environment);
    const Node root = Node::root_of(document);
    Report report(file);
    Config narrower;  // only what references are checked against, and what they are read into
    narrower.providers = config.providers;
    narrower.routing = config.routing;
    if (!config.demo) read_router({root, environment, report}, root.any_of({"router"}), narrower);
    return NarrowerRouting{std::move(narrower.routing), report.take()};
}

}  // namespace ccr::config
