// The configuration in force while there is none: one provider, the embedded demo. Pure.
#pragma once

#include <string>

#include "config/config.h"

namespace ccr::gateway {

/// `config` itself, unless it is without providers: then a copy whose only provider is the demo at
/// `demo_url`.
config::ConfigPtr with_demo(const config::ConfigPtr& config, const std::string& demo_url);

}  // namespace ccr::gateway
