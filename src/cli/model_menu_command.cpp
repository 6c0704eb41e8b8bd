// The routes of the configuration in a terminal: shown, and changed by choosing from its models.
#include <fmt/format.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/model_actions.h"
#include "cli/model_menu.h"
#include "cli/terminal.h"

namespace ccr::cli {
namespace {

Result<std::vector<MenuRoute>> menu_routes(const Surroundings& here) {
    TRY(const config::Config config, load(here));
    std::vector<MenuRoute> out;
    for (const NamedRoute& route : named_routes()) {
        const auto& model = config.routing.*route.target;
        out.push_back({route.name, model ? to_string(*model) : ""});
    }
    return out;
}

}  // namespace

std::vector<std::string> models_to_choose(const Surroundings& here) {
    std::vector<std::string> out;
    const auto config = load(here);
    if (!config) return out;
    for (const config::ModelName& name : config->routing.models) {
        if (name.name.find('*') == std::string::npos) out.push_back(name.name);
    }
    for (const config::Provider& provider : config->providers) {
        for (const std::string& model : provider.models) out.push_back(provider.name + "," + model);
    }
    return out;
}

int model_menu_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    MenuDoings doings;
    doings.routes = [&here] { return menu_routes(here); };
    doings.models = models_to_choose(here);
    doings.set = [&](const std::string& route, const std::optional<std::string>& model) {
        Options change = options;
        change.action = model ? "set" : "unset";
        change.words = model ? std::vector{route, *model} : std::vector{route};
        return set_model(change, environment);
    };
    const auto done =
        run_model_menu(doings, takes_colors(STDOUT_FILENO, environment),
                       "Where requests go, by " + shortened(here.paths, here.config_file));
    if (!done) {
        report(done.error());
        fmt::print(stderr,
                   "`ccr model set [ROUTE] MODEL` does it without a menu, `ccr model show` "
                   "shows it.\n");
        return kFailed;
    }
    for (const std::string& line : *done) fmt::print("{}\n", line);
    return kDone;
}

}  // namespace ccr::cli
