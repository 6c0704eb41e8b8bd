#include "cli/port_owner.h"

namespace ccr::cli {

// There is no portable way to ask.
std::optional<PortOwner> owner_of_port(std::uint16_t) {
    return std::nullopt;
}

}  // namespace ccr::cli
