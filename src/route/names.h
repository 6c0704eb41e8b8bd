// Names: what a client's name for a model stands for, and the refusals that tell what there is.
// Pure functions.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "config/config.h"

namespace ccr::route {

/// A reference in the configuration's own spelling; an unlisted model stays as it was asked for.
config::ModelRef canonical(const config::ModelRef& asked, const config::Config& config);

/// The alias or wildcard of Router.models that has this name; nullptr for none.
const config::ModelName* named(std::string_view name, const config::Config& config);
/// The slot of Router.models that this name is of.
const config::ModelName* slot_of(std::string_view name, const config::Config& config);
/// By the model's name alone, which agents' own names are not taken for.
std::optional<config::ModelRef> listed(std::string_view name, const config::Config& config);

/// not_found: nobody's model.
Error unknown_model(std::string_view asked, const config::Config& config);
/// not_found when the client asked for it, else config.
Error unknown_provider(const config::ModelRef& target, bool is_clients,
                       const config::Config& config);

}  // namespace ccr::route
