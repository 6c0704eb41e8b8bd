// Comparison of secrets in a time that tells nothing about where they differ. Pure.
#pragma once

#include <string_view>

namespace ccr {

bool secrets_equal(std::string_view a, std::string_view b);

}  // namespace ccr
