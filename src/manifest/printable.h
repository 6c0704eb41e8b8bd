// Texts of a manifest as a terminal may show them: it can come from anywhere. Pure.
#pragma once

#include <string>
#include <string_view>

namespace ccr::manifest {

/// Control characters as \uXXXX, so that none moves the cursor or hides what stands before it;
/// what is no UTF-8 becomes U+FFFD.
std::string printable(std::string_view text);

}  // namespace ccr::manifest
