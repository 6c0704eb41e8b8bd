// The path of the running program. Any thread.
#pragma once

#include <string>

namespace ccr::cli {

/// What to execute to get this program again, also when it was called through PATH.
std::string own_binary();

}  // namespace ccr::cli
