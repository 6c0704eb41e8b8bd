#include <fmt/format.h>

#include <algorithm>

#include "config/interpolate.h"
#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/project_routing.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

std::vector<std::string> provider_names(const Config& config) {
    std::vector<std::string> names;
    for (const Provider& provider : config.providers) names.push_back(provider.name);
    return names;
}

// The listed spelling of a model; nullptr when the provider does not list it.
const std::string* listed_model(const Provider& provider, std::string_view model) {
    const std::string* other_case = nullptr;
    for (const std::string& known : provider.models) {
        if (known == model) return &known;
        if (other_case == nullptr && lowered(known) == lowered(model)) other_case = &known;
    }
    return other_case;
}

// A bare model name belongs to a provider when exactly one lists it.
const Provider* only_provider_of(const Config& config, std::string_view model) {
    const Provider* only = nullptr;
    for (const Provider& provider : config.providers) {
        if (listed_model(provider, model) == nullptr) continue;
        if (only != nullptr) return nullptr;
        only = &provider;
    }
    return only;
}

std::optional<ModelRef> read_bare(const Reading& reading, const Node& node, std::string_view name,
                                  const std::string& text, const Config& config) {
    if (const Provider* owner = only_provider_of(config, text)) {
        ModelRef ref{owner->name, *listed_model(*owner, text), node.place()};
        reading.report.warn(
            "route-without-provider", node.place(),
            fmt::format("{} names no provider; it is taken as \"{},{}\", write it so", name,
                        ref.provider, ref.model));
        return ref;
    }
    std::string example = "provider,model";
    if (const Provider* provider = config.find_provider(text);
        provider && !provider->models.empty()) {
        example = provider->name + "," + provider->models.front();
    } else if (!config.providers.empty()) {
        example = config.providers.front().name + "," + text;
    }
    reading.report.error(
        "route-without-provider", node.place(),
        fmt::format("{} should be \"provider,model\" with a comma and is ignored; write it like "
                    "\"{}\"",
                    name, example));
    return std::nullopt;
}

void check_reference(const Reading& reading, std::string_view name, const Config& config,
                     ModelRef& ref) {
    const Provider* provider = config.find_provider(ref.provider);
    if (provider == nullptr) {
        const auto names = provider_names(config);
        const std::string near = nearest(ref.provider, names);
        reading.report.error(
            "no-such-provider", ref.place,
            fmt::format("{} names the provider \"{}\", which is not configured{}", name,
                        ref.provider,
                        near.empty() ? "; there are: " + listed(names) : did_you_mean(near)));
        return;
    }
    ref.provider = provider->name;
    if (const std::string* model = listed_model(*provider, ref.model)) {
        ref.model = *model;
        return;
    }
    if (provider->models.empty()) return;
    const std::string near = nearest(ref.model, provider->models);
    reading.report.warn(
        "model-not-listed", ref.place,
        fmt::format(
            "{} names the model \"{}\", which provider {} does not list; it is sent all the "
            "same{}",
            name, ref.model, provider->name,
            near.empty() ? ", add it to its models: " + listed(provider->models)
                         : did_you_mean(near)));
}

std::optional<ModelRef> read_ref(const Reading& reading, const Node& node, std::string_view name,
                                 const Config& config) {
    if (node.is_blank()) return std::nullopt;
    const auto text = node.text();
    if (!text) {
        reading.report.warn("wrong-type", node.place(),
                            fmt::format("{} should be \"provider,model\" but is {}; it is ignored",
                                        name, node.kind()));
        return std::nullopt;
    }
    auto ref = parse_model_ref(*text);
    if (!ref) return read_bare(reading, node, name, std::string(trimmed(*text)), config);
    ref->place = node.place();
    check_reference(reading, name, config, *ref);
    return ref;
}

void read_threshold(const Reading& reading, const Node& node, Routing& routing) {
    const auto number = number_of(reading, node, "Router.longContextThreshold");
    if (!number || *number == 0) return;  // 0 means the default, as in the reference
    constexpr double kLargest = 1e12;
    if (*number > 0 && *number <= kLargest) {
        routing.long_context_threshold =
            std::max<std::int64_t>(1, static_cast<std::int64_t>(*number));
        return;
    }
    reading.report.warn(
        "invalid-value", node.place(),
        fmt::format("Router.longContextThreshold should be a number of tokens over 0; {} is used",
                    routing.long_context_threshold));
}

void read_router(const Reading& reading, const Node& router, Config& config) {
    if (!router || router.is_null()) return;
    if (!router.is_object()) {
        reading.report.error(
            "wrong-type", router.place(),
            fmt::format("Router should be an object but is {}; it is ignored", router.kind()));
        return;
    }
    check_names(router, router_keys(), reading.report);
    // What a router leaves out stays as the wider one has it.
    const auto take = [&](std::string_view key, std::string_view name,
                          std::optional<ModelRef>& slot) {
        if (auto ref = read_ref(reading, router.any_of({key}), name, config)) slot = std::move(ref);
    };
    Routing& routing = config.routing;
    take("default", "Router.default", routing.fallback_default);
    take("background", "Router.background", routing.background);
    take("think", "Router.think", routing.think);
    take("longcontext", "Router.longContext", routing.long_context);
    take("websearch", "Router.webSearch", routing.web_search);
    take("image", "Router.image", routing.image);
    read_threshold(reading, router.any_of({"longcontextthreshold"}), routing);
}

// "longcontext", "long_context" ... in the spelling that routing asks for.
std::string scenario_of(const Reading& reading, const std::string& key, const Node& node) {
    const auto names = scenario_names();
    for (const std::string_view name : names) {
        if (folded(name) == folded(key)) return std::string(name);
    }
    if (!key.starts_with("//")) {
        reading.report.warn("unknown-key", node.name_place(),
                            fmt::format("\"{}\" is no scenario of fallback{}", key,
                                        did_you_mean(nearest(key, names))));
    }
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
        const std::string scenario = scenario_of(reading, key, value);
        const std::string name = "fallback." + scenario;
        std::vector<ModelRef> refs;
        const std::vector<Node> entries =
            value.is_array() ? value.elements() : std::vector<Node>{value};
        for (const Node& entry : entries) {
            if (auto ref = read_ref(reading, entry, name, config)) refs.push_back(*std::move(ref));
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
