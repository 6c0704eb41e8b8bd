// References to models: "provider,model", an alias, or the bare name of a model that one provider
// lists.
#include <fmt/format.h>

#include "config/nearest.h"
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

// One of Router.models, by its own name.
const ModelRef* alias_of(const Config& config, std::string_view text) {
    const std::string wanted = lowered(text);
    for (const ModelName& name : config.routing.models) {
        if (name.kind != ModelName::Kind::wildcard && name.name == wanted) return &name.target;
    }
    return nullptr;
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

}  // namespace

std::optional<ModelRef> read_model_ref(const Reading& reading, const Node& node,
                                       std::string_view name, const Config& config) {
    if (node.is_blank()) return std::nullopt;
    const auto text = node.text();
    if (!text) {
        reading.report.warn("wrong-type", node.place(),
                            fmt::format("{} should be \"provider,model\" but is {}; it is ignored",
                                        name, node.kind()));
        return std::nullopt;
    }
    auto ref = parse_model_ref(*text);
    if (!ref) {
        if (const ModelRef* target = alias_of(config, trimmed(*text)))
            return ModelRef{target->provider, target->model, node.place()};
        return read_bare(reading, node, name, std::string(trimmed(*text)), config);
    }
    ref->place = node.place();
    check_reference(reading, name, config, *ref);
    return ref;
}

}  // namespace ccr::config
