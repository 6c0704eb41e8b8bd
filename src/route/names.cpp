#include "route/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text_case.h"
#include "base/wildcard.h"
#include "config/nearest.h"
#include "route/agent_names.h"
#include "route/route.h"

namespace ccr::route {

using config::Config;
using config::ModelName;
using config::ModelRef;
using config::Provider;

ModelRef canonical(const ModelRef& asked, const Config& config) {
    ModelRef out = asked;
    const Provider* provider = config.find_provider(asked.provider);
    if (!provider) return out;
    out.provider = provider->name;
    const auto& models = provider->models;
    if (std::ranges::find(models, asked.model) != models.end()) return out;
    const std::string wanted = lower_case(asked.model);
    const auto other_case = std::ranges::find_if(
        models, [&](const std::string& model) { return lower_case(model) == wanted; });
    if (other_case != models.end()) out.model = *other_case;
    return out;
}

const ModelName* named(std::string_view name, const Config& config) {
    if (config.routing.models.empty()) return nullptr;
    const std::string wanted = lower_case(without_models_prefix(name));
    const ModelName* wildcard = nullptr;
    for (const ModelName& entry : config.routing.models) {
        if (entry.kind == ModelName::Kind::alias && entry.name == wanted) return &entry;
        if (!wildcard && entry.kind == ModelName::Kind::wildcard &&
            matches_wildcard(entry.name, wanted))
            wildcard = &entry;
    }
    return wildcard;
}

const ModelName* slot_of(std::string_view name, const Config& config) {
    for (const ModelName& entry : config.routing.models) {
        if (entry.kind == ModelName::Kind::slot && is_of_slot(name, entry.name)) return &entry;
    }
    return nullptr;
}

std::optional<ModelRef> listed(std::string_view name, const Config& config) {
    auto found = config.find_model(name);
    return found ? found : config.find_model(without_models_prefix(name));
}

std::optional<ModelRef> resolve(std::string_view name, const Config& config) {
    if (const auto ref = config::parse_model_ref(name)) return canonical(*ref, config);
    if (const ModelName* entry = named(name, config)) return entry->target;
    if (const ModelName* slot = slot_of(name, config)) return slot->target;
    return listed(name, config);
}

Error unknown_model(std::string_view asked, const Config& config) {
    std::vector<std::string> known, names;
    for (const Provider& provider : config.providers) {
        for (const std::string& model : provider.models) {
            known.push_back(fmt::format("{},{}", provider.name, model));
            names.push_back(model);
        }
    }
    std::string near;
    if (const std::string name = config::nearest(without_models_prefix(asked), names);
        !name.empty())
        near = fmt::format(" Did you mean {}?", to_string(*config.find_model(name)));
    return make_error(ErrorKind::not_found,
                      fmt::format("No provider lists the model '{}'.{} Configured models: {}.",
                                  asked, near, known.empty() ? "none" : config::listed(known)));
}

Error unknown_provider(const ModelRef& target, bool is_clients, const Config& config) {
    std::vector<std::string> names;
    for (const Provider& provider : config.providers) names.push_back(provider.name);
    const std::string near = config::nearest(target.provider, names);
    // A mistake of the Router is the configuration's: a client takes a 404 for its own choice.
    return make_error(
        is_clients ? ErrorKind::not_found : ErrorKind::config,
        fmt::format(
            "There is no provider named '{}'{}.{} Configured providers: {}.", target.provider,
            target.model.empty() ? "" : fmt::format(" (asked for as '{}')", to_string(target)),
            near.empty() ? "" : fmt::format(" Did you mean {}?", near),
            names.empty() ? "none" : config::listed(names)));
}

}  // namespace ccr::route
