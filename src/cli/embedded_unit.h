// packaging/systemd/ccr.service, embedded.
#pragma once

#include <string_view>

namespace ccr::cli {

std::string_view embedded_unit();

}  // namespace ccr::cli
