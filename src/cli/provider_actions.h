// Changes of the configuration's providers and of their models. Main thread.
#pragma once

#include "base/error.h"
#include "cli/options.h"
#include "cli/surroundings.h"

namespace ccr::cli {

/// Both say on standard output what they did. Error: why nothing was done.
Result<void> add_provider(const Options& options, const Surroundings& here);
Result<void> remove_provider(const Options& options, const Surroundings& here);

/// `provider,model` into, and out of, its provider's list.
Result<void> add_model(const Options& options, const Surroundings& here);
Result<void> remove_model(const Options& options, const Surroundings& here);

}  // namespace ccr::cli
