// The host's script, as it is embedded in the binary. Constant; any thread.
#pragma once

#include <string_view>

namespace ccr::plugin {

/// The files of `host/`, one after the other.
std::string_view host_script();

}  // namespace ccr::plugin
