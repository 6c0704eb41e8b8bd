// The subcommands of `ccr model` that stand in files of their own; each returns the exit code.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/surroundings.h"

namespace ccr::cli {

/// A route of the Router by its name.
struct NamedRoute {
    const char* name;
    std::optional<config::ModelRef> config::Routing::* target;
};
std::span<const NamedRoute> named_routes();

/// What may be set as a model: aliases first, then all models; empty without a configuration.
std::vector<std::string> models_to_choose(const Surroundings& here);

/// Routes and models on the terminal, to choose from.
int model_menu_command(const Options& options, const config::Environment& environment);

/// What `ccr model set` or `unset` does with these options; the line that it prints.
Result<std::string> set_model(const Options& options, const config::Environment& environment);

/// All models, or those of the provider that is named, with what is known of them.
int list_models(const Options& options, const Surroundings& here, const config::Config& config);

}  // namespace ccr::cli
