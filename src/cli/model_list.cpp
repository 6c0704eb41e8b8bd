// `ccr model list`: all models with what is known of them.
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/model_actions.h"
#include "cli/table.h"
#include "route/names.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Known {
    std::string target;
    config::Traits traits;
    std::vector<std::string> routes;  // that lead to it
};

std::vector<std::string> routes_to(const config::Routing& routing, const std::string& target) {
    std::vector<std::string> out;
    for (const NamedRoute& route : named_routes()) {
        const auto& model = routing.*route.target;
        if (model && to_string(*model) == target) out.emplace_back(route.name);
    }
    for (const config::ModelName& name : routing.models) {
        if (to_string(name.target) == target) out.push_back(name.name);
    }
    return out;
}

std::vector<Known> known_models(const config::Config& config, const config::Provider* only) {
    std::vector<Known> out;
    for (const config::Provider& provider : config.providers) {
        if (only != nullptr && only != &provider) continue;
        for (const std::string& model : provider.models) {
            const std::string target = provider.name + "," + model;
            out.push_back(
                {target, config::traits_of(provider, model), routes_to(config.routing, target)});
        }
    }
    return out;
}

Json as_json(const Known& model) {
    Json out{{"model", model.target}, {"routes", model.routes}};
    const config::Traits& traits = model.traits;
    if (traits.context_window) out["context_window"] = *traits.context_window;
    if (traits.max_output) out["max_output"] = *traits.max_output;
    if (traits.vision) out["vision"] = *traits.vision;
    if (traits.prices)
        out["prices"] = {{"input", traits.prices->input}, {"output", traits.prices->output}};
    return out;
}

std::string size_text(const std::optional<std::int64_t>& tokens) {
    if (!tokens) return "?";
    if (*tokens >= 1'000'000) return fmt::format("{:.3g}M", static_cast<double>(*tokens) / 1e6);
    return *tokens >= 1000 ? fmt::format("{}K", *tokens / 1000) : std::to_string(*tokens);
}

std::string price_text(const config::Traits& traits) {
    if (!traits.prices) return "?";
    return fmt::format("{:g} / {:g}", traits.prices->input, traits.prices->output);
}

std::string text_of_models(const std::vector<Known>& models, bool colored) {
    std::vector<std::vector<Cell>> rows{{{"model", Style::bold},
                                         {"context", Style::bold},
                                         {"output", Style::bold},
                                         {"images", Style::bold},
                                         {"$ per M in / out", Style::bold},
                                         {"routes", Style::bold}}};
    for (const Known& model : models) {
        const auto vision = model.traits.vision;
        rows.push_back({{model.target},
                        {size_text(model.traits.context_window)},
                        {size_text(model.traits.max_output)},
                        {!vision   ? "?"
                         : *vision ? "yes"
                                   : "no"},
                        {price_text(model.traits)},
                        {fmt::format("{}", fmt::join(model.routes, ", ")), Style::green}});
    }
    return table(rows, colored);
}

}  // namespace

std::span<const NamedRoute> named_routes() {
    static constexpr NamedRoute kRoutes[] = {{"default", &config::Routing::fallback_default},
                                             {"background", &config::Routing::background},
                                             {"think", &config::Routing::think},
                                             {"longContext", &config::Routing::long_context},
                                             {"webSearch", &config::Routing::web_search},
                                             {"image", &config::Routing::image}};
    return kRoutes;
}

int list_models(const Options& options, const Surroundings& here, const config::Config& config) {
    const config::Provider* only = nullptr;
    if (!options.words.empty()) {
        only = config.find_provider(options.words.front());
        if (only == nullptr)
            return report(route::unknown_provider({options.words.front(), "", {}}, true, config));
    }
    const std::vector<Known> models = known_models(config, only);
    if (options.json) {
        Json out = Json::array();
        for (const Known& model : models) out.push_back(as_json(model));
        fmt::print("{}\n", out.dump(2, ' ', false, Json::error_handler_t::replace));
    } else if (models.empty()) {
        fmt::print("There are no models yet; `ccr provider add NAME --models a,b` adds some.\n");
    } else {
        fmt::print("{}", text_of_models(models, takes_colors(STDOUT_FILENO, here.environment)));
    }
    return kDone;
}

}  // namespace ccr::cli
