// `ccr provider`: the providers of the configuration listed, added, tried and removed.
#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/doctor_facts.h"
#include "cli/exit_codes.h"
#include "cli/provider_actions.h"
#include "cli/table.h"
#include "cli/trial.h"
#include "config/fetch_keys.h"
#include "gateway/target_wire.h"
#include "route/names.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string key_state(const config::Provider& provider) {
    if (provider.broken && provider.broken->code == "unresolved-variable") return "not set";
    if (!provider.by_key.empty()) return fmt::format("{} keys", provider.by_key.size());
    if (!provider.key_command.empty()) return "by command";
    if (!provider.key_file.empty()) return "in a file";
    return provider.api_key.empty() ? "none" : "set";
}

Json as_json(const config::Provider& provider) {
    Json out{{"name", provider.name},
             {"url", provider.base_url},
             {"speaks", name_of(provider.speaks)},
             {"key", key_state(provider)},
             {"models", provider.models}};
    if (provider.preset != nullptr) out["preset"] = provider.preset->name;
    if (provider.broken) out["broken"] = provider.broken->message;
    return out;
}

int list(const Options& options, const Surroundings& here, const config::Config& config) {
    if (options.json) {
        Json out = Json::array();
        for (const config::Provider& provider : config.providers) out.push_back(as_json(provider));
        fmt::print("{}\n", out.dump(2, ' ', false, Json::error_handler_t::replace));
        return kDone;
    }
    if (config.providers.empty()) {
        fmt::print("There are no providers yet; `ccr provider add NAME` adds one.\n");
        return kDone;
    }
    std::vector<std::vector<Cell>> rows{{{"provider", Style::bold},
                                         {"key", Style::bold},
                                         {"models", Style::bold},
                                         {"url", Style::bold}}};
    for (const config::Provider& provider : config.providers)
        rows.push_back(
            {{provider.name},
             {key_state(provider), provider.broken ? std::optional(Style::red) : std::nullopt},
             {std::to_string(provider.models.size())},
             {provider.base_url}});
    fmt::print("{}", table(rows, takes_colors(STDOUT_FILENO, here.environment)));
    for (const config::Provider& provider : config.providers) {
        if (provider.broken) fmt::print(stderr, "{}\n", to_string(*provider.broken));
    }
    return kDone;
}

Json as_json(const std::string& target, const doctor::Reply& trial, const std::string& remedy) {
    Json out{{"model", target},
             {"answered", trial.answered()},
             {"reached", trial.reached()},
             {"key", trial.key_is_good()},
             {"status", trial.status},
             {"ms", trial.took.count()}};
    if (!trial.answered()) out["error"] = trial.message;
    if (!trial.answered()) out["kind"] = trial.kind;
    if (!trial.answered()) out["remedy"] = remedy;
    return out;
}

Cell mark(bool good) {
    return good ? Cell{"yes", Style::green} : Cell{"no", Style::red};
}

struct Tried {
    std::string target, remedy;
    doctor::Reply trial;
};

void print_tried(const std::vector<Tried>& all, bool colored) {
    std::vector<std::vector<Cell>> rows{{{"model", Style::bold},
                                         {"reached", Style::bold},
                                         {"key", Style::bold},
                                         {"answers", Style::bold},
                                         {"time", Style::bold}}};
    for (const Tried& one : all)
        rows.push_back({{one.target},
                        mark(one.trial.reached()),
                        one.trial.reached() ? mark(one.trial.key_is_good()) : Cell{"?"},
                        mark(one.trial.answered()),
                        {fmt::format("{} ms", one.trial.took.count())}});
    fmt::print("{}", table(rows, colored));
    for (const Tried& one : all) {
        if (one.trial.answered()) continue;
        fmt::print("\n{}: {}\n  {}\n", styled(Style::red, one.target, colored), one.trial.message,
                   one.remedy);
    }
}

Result<std::vector<const config::Provider*>> meant(const Options& options,
                                                   const config::Config& config) {
    std::vector<const config::Provider*> out;
    for (const config::Provider& provider : config.providers) out.push_back(&provider);
    if (options.words.empty()) return out;
    const config::Provider* const one = config.find_provider(options.words.front());
    if (one == nullptr)
        return std::unexpected(
            route::unknown_provider({options.words.front(), "", {}}, true, config));
    return std::vector{one};
}

int test(const Options& options, const Surroundings& here, config::Config config) {
    config::fetch_keys(config);
    const auto providers = meant(options, config);
    if (!providers) return report(providers.error());
    const doctor::KeyVariable variable_of = key_variables(here);
    std::vector<Tried> all;
    const bool shows_progress = !options.json && ::isatty(STDERR_FILENO) == 1;
    for (const config::Provider* const provider : *providers) {
        for (const std::string& model :
             options.models.empty() ? provider->models : options.models) {
            const std::string target = provider->name + "," + model;
            if (shows_progress) fmt::print(stderr, "asking {} ...\n", target);
            doctor::Reply trial = try_model(config, provider->name, model);
            std::string remedy = doctor::remedy(
                trial, *provider, provider->api_key.empty() ? "" : variable_of(provider->api_key));
            all.push_back({target, std::move(remedy), std::move(trial)});
        }
    }
    if (all.empty()) {
        fmt::print(stderr, "There is no model to ask; `ccr model add PROVIDER,MODEL` adds one.\n");
        return kFailed;
    }
    bool good = true;
    Json out = Json::array();
    for (const Tried& one : all) {
        good = good && one.trial.answered();
        out.push_back(as_json(one.target, one.trial, one.remedy));
    }
    if (options.json)
        fmt::print("{}\n", out.dump(2, ' ', false, Json::error_handler_t::replace));
    else
        print_tried(all, takes_colors(STDOUT_FILENO, here.environment));
    return good ? kDone : kFailed;
}

}  // namespace

int provider_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    if (options.action == "add" || options.action == "remove") {
        const auto done =
            options.action == "add" ? add_provider(options, here) : remove_provider(options, here);
        return done ? kDone : report(done.error());
    }
    auto config = load(here);
    if (!config) return report(config.error());
    if (options.action == "list") return list(options, here, *config);
    return test(options, here, *std::move(config));
}

}  // namespace ccr::cli
