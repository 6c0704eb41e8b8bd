// `ccr model` and `ccr project`: where requests go, shown and set - of the configuration, of a
// project, of a session.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/config_file.h"
#include "cli/exit_codes.h"
#include "cli/model_actions.h"
#include "cli/provider_actions.h"
#include "cli/refresh.h"
#include "cli/router_file.h"
#include "cli/surroundings.h"
#include "config/edit_router.h"
#include "config/known_keys.h"
#include "config/nearest.h"
#include "config/node.h"
#include "config/project_routing.h"
#include "config/read_file.h"
#include "route/names.h"
#include "route/route.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;
using config::Routing;

struct Wish {
    enum class Kind : std::uint8_t { show, set, unset, refresh, forget };
    Kind kind = Kind::show;
    std::string route = "default";
    std::string model;
};

Wish wish_of(const Options& options) {
    const std::vector<std::string>& words = options.words;
    const std::string first = words.empty() ? "" : words.front();
    if (options.action == "set")
        return {Wish::Kind::set, words.size() == 2 ? first : "default", words.back()};
    if (options.action == "unset") return {Wish::Kind::unset, first, ""};
    if (options.action == "refresh") return {Wish::Kind::refresh, "", first};
    if (options.action == "forget") return {Wish::Kind::forget, "", first};
    return {};
}

Result<std::string> route_named(const std::string& given) {
    const auto names = config::scenario_names();
    for (const std::string_view name : names) {
        if (config::folded(name) == config::folded(given)) return std::string(name);
    }
    return fail(ErrorKind::invalid_request,
                fmt::format("There is no route \"{}\"{}; there are default, background, think, "
                            "longContext, webSearch and image.",
                            given, config::did_you_mean(config::nearest(given, names))));
}

/// What a command works on.
struct Place {
    Surroundings here;
    config::Config config;
    RouterFile file;
    std::string text;  // of the file; "" when it is not there
};

Result<Place> place_of(const Options& options, const config::Environment& environment,
                       bool always_project) {
    Place out;
    out.here = surroundings_of(options, environment);
    TRY(out.config, load(out.here));
    TRY(out.file, router_file_of(options, out.here, always_project));
    TRY(auto text, config::read_file(out.file.path));
    out.text = std::move(text).value_or("");
    return out;
}

// The Routers that hold, widest first: the configuration's, the project's, the session's.
Result<Routing> effective(const Place& place, std::vector<std::string>& files) {
    config::Config narrowed = place.config;
    if (place.file.project.empty()) return narrowed.routing;
    const std::string folder = place.here.paths.home + "/" + place.file.project + "/";
    std::vector<std::string> names{"config.json"};
    if (!place.file.session.empty()) names.push_back(place.file.session + ".json");
    for (const std::string& name : names) {
        TRY(const auto text, config::read_file(folder + name));
        if (!text) continue;
        TRY(auto narrower,
            config::parse_narrower_routing(*text, folder + name, place.here.environment, narrowed));
        for (const config::Finding& finding : narrower.findings)
            fmt::print(stderr, "{}\n", to_string(finding));
        narrowed.routing = std::move(narrower.routing);
        files.push_back(folder + name);
    }
    return narrowed.routing;
}

Json as_json(const Place& place, const Routing& routing, const std::vector<std::string>& files) {
    Json out{{"config", place.here.config_file}};
    if (!place.file.project.empty()) out["project"] = place.file.project;
    if (!place.file.session.empty()) out["session"] = place.file.session;
    if (!place.file.project.empty()) out["file"] = place.file.path;
    if (!place.file.project.empty()) out["files"] = files;
    out["routes"] = Json::object();
    for (const NamedRoute& shown : named_routes()) {
        if (const auto& target = routing.*shown.target)
            out["routes"][shown.name] = to_string(*target);
    }
    out["longContextThreshold"] = routing.long_context_threshold;
    for (const config::ModelName& name : routing.models)
        out["names"][name.name] = to_string(name.target);
    for (const config::Rule& rule : routing.rules) out["rules"].push_back(rule.name);
    out["models"] = Json::array();
    for (const config::Provider& provider : place.config.providers) {
        for (const std::string& model : provider.models) {
            out["models"].push_back(provider.name + "," + model);
            const auto window = config::traits_of(provider, model).context_window;
            if (window) out["windows"][provider.name + "," + model] = *window;
        }
    }
    return out;
}

std::string as_text(const Place& place, const Json& shown) {
    const Paths& paths = place.here.paths;
    std::string out =
        fmt::format("{:<14} {}\n", "configuration", shortened(paths, place.here.config_file));
    if (shown.contains("project")) {
        out += fmt::format("{:<14} {}\n", "project", place.file.project);
        out += fmt::format("{:<14} {}{}\n", "its file", shortened(paths, place.file.path),
                           place.text.empty() ? " (not there)" : "");
    }
    out += "\n";
    for (const auto& [name, target] : shown["routes"].items())
        out += fmt::format("{:<14} {}\n", name, target.get<std::string>());
    if (shown.contains("names")) {
        out += "\n";
        for (const auto& [name, target] : shown["names"].items())
            out += fmt::format("{:<14} {}\n", name, target.get<std::string>());
    }
    if (shown.contains("rules")) {
        out += "\nrules\n";
        for (const Json& rule : shown["rules"])
            out += fmt::format("  {}\n", rule.get<std::string>());
    }
    out += "\nmodels\n";
    for (const Json& model : shown["models"]) {
        const auto name = model.get<std::string>();
        const Json windows = shown.value("windows", Json::object());
        out += windows.contains(name) ? fmt::format("  {} ({} tokens of context)\n", name,
                                                    windows[name].get<std::int64_t>())
                                      : fmt::format("  {}\n", name);
    }
    return out;
}

int show(const Place& place, bool json) {
    std::vector<std::string> files;
    const auto routing = effective(place, files);
    if (!routing) return report(routing.error());
    const Json shown = as_json(place, *routing, files);
    if (json)
        fmt::print("{}\n", shown.dump(2, ' ', false, Json::error_handler_t::replace));
    else
        fmt::print("{}", as_text(place, shown));
    return kDone;
}

// As it is written into the file: an alias stays one, all else in the configuration's spelling.
Result<std::string> target_named(const Place& place, const std::string& model) {
    const auto target = route::resolve(model, place.config);
    if (!target) return std::unexpected(route::unknown_model(model, place.config));
    const config::Provider* provider = place.config.find_provider(target->provider);
    if (!provider) return std::unexpected(route::unknown_provider(*target, true, place.config));
    const auto& listed = provider->models;
    if (std::ranges::find(listed, target->model) == listed.end())
        fmt::print(stderr, "Note: {} does not list the model {}; it is asked for all the same.\n",
                   provider->name, target->model);
    return to_string(*target);
}

// A change of another command between reading and writing would be lost, so both are done under the
// configuration's lock, of narrower files too.
Result<void> write_route(const Place& place, const std::string& route,
                         const std::optional<std::string>& target) {
    TRY(ConfigFile main, ConfigFile::open(place.here));
    if (place.file.project.empty()) {
        TRY(const std::string edited, config::edit_router(main.text(), main.path(), route, target));
        // The command has judged the target itself.
        const auto replaced = main.replace(edited, true);
        return replaced ? Result<void>() : std::unexpected(replaced.error());
    }
    TRY(const auto text, config::read_file(place.file.path));
    const std::string before = text.value_or("");
    TRY(const std::string edited, config::edit_router(before, place.file.path, route, target));
    return edited == before ? Result<void>() : write_router_file(place.file, before, edited);
}

Result<void> change(const Place& place, const Wish& wish, std::string& told) {
    if (place.file.project.empty() && place.text.empty())
        return fail(ErrorKind::config,
                    fmt::format("There is no configuration at {} yet; write one first.",
                                shortened(place.here.paths, place.file.path)));
    TRY(const std::string route, route_named(wish.route));
    std::optional<std::string> target;
    if (wish.kind == Wish::Kind::set) {
        TRY(target, target_named(place, wish.model));
    }
    TRY_DO(write_route(place, route, target));
    told = fmt::format("{} in {}: {}\n", route, shortened(place.here.paths, place.file.path),
                       target.value_or("not set"));
    return {};
}

int run(const Options& options, const config::Environment& environment, bool always_project) {
    if (options.action == "add" || options.action == "remove") {
        const Surroundings here = surroundings_of(options, environment);
        const auto done =
            options.action == "add" ? add_model(options, here) : remove_model(options, here);
        return done ? kDone : report(done.error());
    }
    const Wish wish = wish_of(options);
    const auto place = place_of(options, environment, always_project);
    if (!place) return report(place.error());
    if (options.action == "list") return list_models(options, place->here, place->config);
    if (wish.kind == Wish::Kind::show) return show(*place, options.json);
    if (wish.kind == Wish::Kind::refresh)
        return refresh_models(place->here, place->config, wish.model);
    if (wish.kind == Wish::Kind::forget)
        return forget_models(place->here, place->config, wish.model);
    std::string told;
    if (const auto changed = change(*place, wish, told); !changed) return report(changed.error());
    fmt::print("{}", told);
    return kDone;
}

bool wants_menu(const Options& options) {
    const bool is_bare = options.action.empty() && !options.json && options.project.empty() &&
                         options.session.empty();
    return is_bare && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace

Result<std::string> set_model(const Options& options, const config::Environment& environment) {
    TRY(const Place place, place_of(options, environment, false));
    std::string told;
    TRY_DO(change(place, wish_of(options), told));
    return told;
}

int model_command(const Options& options, const config::Environment& environment) {
    if (wants_menu(options)) return model_menu_command(options, environment);
    return run(options, environment, false);
}

int project_command(const Options& options, const config::Environment& environment) {
    return run(options, environment, true);
}

}  // namespace ccr::cli
