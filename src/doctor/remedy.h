// Remedy: what to do about a model that did not answer. Pure.
#pragma once

#include <functional>
#include <string>

#include "doctor/own_gateway.h"

namespace ccr::doctor {

/// The variable that a key of the configuration comes from; "" = it stands there itself.
using KeyVariable = std::function<std::string(const std::string& key)>;

/// One sentence or two; "" when it answered. `variable`: of the provider's key.
std::string remedy(const Reply& reply, const config::Provider& provider,
                   const std::string& variable = "");

/// What to do about a refused key, by where it comes from. `number`: which of several it is,
/// counted from 1; 0 = the only one.
std::string key_remedy(const config::Provider& provider, const std::string& variable,
                       std::size_t number = 0);

}  // namespace ccr::doctor
