#include "route/route.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text_case.h"
#include "config/nearest.h"
#include "route/agent_names.h"

namespace ccr::route {
namespace {

using config::Config;
using config::ModelRef;
using config::Provider;

struct Choice {
    ModelRef target;
    std::string scenario;
    std::string why;
};
using Rule = std::optional<Choice> (*)(const Facts&, const Config&);

std::string shown(const ModelRef& ref) {
    return ref.provider + "," + ref.model;
}

std::optional<Choice> take(const std::optional<ModelRef>& target, std::string_view scenario,
                           std::string why) {
    if (!target) return std::nullopt;
    return Choice{*target, std::string(scenario), std::move(why)};
}

// The spelling of the configuration wins over the client's; an unlisted model goes out as it was
// asked for.
ModelRef canonical(const ModelRef& asked, const Config& config) {
    ModelRef out = asked;
    const Provider* provider = config.find_provider(asked.provider);
    if (!provider) return out;
    out.provider = provider->name;
    for (const std::string& model : provider->models) {
        if (lower_case(model) == lower_case(asked.model)) out.model = model;
        if (model == asked.model) break;
    }
    return out;
}

std::optional<Choice> by_name(const Facts& facts, const Config& config) {
    const auto asked = config::parse_model_ref(facts.asked_model);
    if (!asked) return std::nullopt;
    return Choice{canonical(*asked, config), "default",
                  fmt::format("the request names {} itself", facts.asked_model)};
}

// Claude Code's own names say which slot is asked for, not which provider: those the Router
// decides.
std::optional<Choice> by_listed_model(const Facts& facts, const Config& config) {
    if (is_claude_name(facts.asked_model)) return std::nullopt;
    auto listed = config.find_model(facts.asked_model);
    if (!listed) listed = config.find_model(without_models_prefix(facts.asked_model));
    if (!listed) return std::nullopt;
    std::string why = fmt::format("{} lists the model {}", listed->provider, listed->model);
    return Choice{std::move(*listed), "default", std::move(why)};
}

std::optional<Choice> by_length(const Facts& facts, const Config& config) {
    if (facts.input_tokens <= config.routing.long_context_threshold) return std::nullopt;
    return take(config.routing.long_context, "longContext",
                fmt::format("about {} tokens are over longContextThreshold {}", facts.input_tokens,
                            config.routing.long_context_threshold));
}

std::optional<Choice> by_background(const Facts& facts, const Config& config) {
    const std::string model = lower_case(facts.asked_model);
    if (model.find("claude") == std::string::npos || model.find("haiku") == std::string::npos)
        return std::nullopt;
    return take(config.routing.background, "background",
                fmt::format("{} is a background model", facts.asked_model));
}

std::optional<Choice> by_web_search(const Facts& facts, const Config& config) {
    if (!facts.web_search) return std::nullopt;
    return take(config.routing.web_search, "webSearch",
                "the request offers a provider-run web search");
}

std::optional<Choice> by_thinking(const Facts& facts, const Config& config) {
    if (!facts.thinking_raised) return std::nullopt;
    return take(config.routing.think, "think", "more thought than usual was asked for");
}

constexpr std::array<Rule, 6> kRules = {by_name,       by_listed_model, by_length,
                                        by_background, by_web_search,   by_thinking};

Error unknown_model(const std::string& asked, const Config& config) {
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
        near = fmt::format(" Did you mean {}?", shown(*config.find_model(name)));
    return make_error(ErrorKind::not_found,
                      fmt::format("No provider lists the model '{}'.{} Configured models: {}.",
                                  asked, near, known.empty() ? "none" : config::listed(known)));
}

// A name that is nobody's model and no agent's own is a mistake to be told, not to be guessed
// around.
Result<Choice> by_default(const Facts& facts, const Config& config) {
    if (!is_agent_name(facts.asked_model) && !config.demo)
        return std::unexpected(unknown_model(facts.asked_model, config));
    if (!config.routing.fallback_default) {
        return fail(ErrorKind::config,
                    "Router.default is not set and no provider lists a model: set Router.default "
                    "to \"provider,model\".");
    }
    return Choice{*config.routing.fallback_default, "default",
                  fmt::format("no provider lists {} and no rule applies, so Router.default",
                              facts.asked_model)};
}

Result<Choice> choose(const Facts& facts, const Config& config) {
    for (const Rule rule : kRules) {
        if (auto choice = rule(facts, config)) return std::move(*choice);
    }
    return by_default(facts, config);
}

Error unknown_provider(const Facts& facts, const ModelRef& target, const Config& config) {
    std::vector<std::string> names;
    for (const Provider& provider : config.providers) names.push_back(provider.name);
    const std::string near = config::nearest(target.provider, names);
    // A mistake of the Router is the configuration's: a client takes a 404 for its own choice.
    const bool asked_by_name = config::parse_model_ref(facts.asked_model).has_value();
    return make_error(
        asked_by_name ? ErrorKind::not_found : ErrorKind::config,
        fmt::format("There is no provider named '{}' (asked for as '{}').{} Configured providers: "
                    "{}.",
                    target.provider, shown(target),
                    near.empty() ? "" : fmt::format(" Did you mean {}?", near),
                    names.empty() ? "none" : config::listed(names)));
}

void add_fallbacks(Decision& decision, const Config& config) {
    for (const auto& [scenario, list] : config.routing.fallback) {
        if (scenario != decision.scenario) continue;
        for (const ModelRef& ref : list) {
            const Provider* provider = config.find_provider(ref.provider);
            if (provider)
                decision.attempts.push_back({provider, ref.model});
            else
                decision.because.push_back(
                    fmt::format("fallback {} is left out: no provider of that name", shown(ref)));
        }
    }
}

}  // namespace

Result<Decision> route(const Facts& facts, const Config& config) {
    TRY(Choice choice, choose(facts, config));
    const Provider* provider = config.find_provider(choice.target.provider);
    if (!provider) return std::unexpected(unknown_provider(facts, choice.target, config));
    Decision decision;
    decision.scenario = choice.scenario;
    decision.because.push_back(fmt::format("{}: {}", shown(choice.target), choice.why));
    if (!facts.router_file.empty())
        decision.because.push_back(fmt::format("the Router is that of {}", facts.router_file));
    decision.attempts.push_back({provider, choice.target.model});
    add_fallbacks(decision, config);
    return decision;
}

}  // namespace ccr::route
