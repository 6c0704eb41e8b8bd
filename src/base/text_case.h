// Case of ASCII text; other bytes pass as they are. Pure.
#pragma once

#include <string>
#include <string_view>

namespace ccr {

std::string lower_case(std::string_view text);

}  // namespace ccr
