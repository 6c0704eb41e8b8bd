// What a running service remembers of a conversation, told to another process: `ccr explain` asks
// for it over the control socket. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "route/facts.h"

namespace ccr::gateway {

/// What Homes::recall() has filled in, as a JSON object.
std::string told_home(const route::Facts& facts);
/// The same into the facts of another process; nothing of what cannot be read.
void take_home(std::string_view told, route::Facts& facts);

}  // namespace ccr::gateway
