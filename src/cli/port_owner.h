// Who listens on a TCP port, for the message about a port in use. Reads what the system tells this
// user.
//
// Blocking; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ccr::cli {

struct PortOwner {
    int pid = 0;          // 0 = not told, as for other users' processes
    std::string command;  // its name
    std::string user;     // whose it is, when that is another user
};

/// nullopt when nobody listens or the system does not tell.
std::optional<PortOwner> owner_of_port(std::uint16_t port);

/// "nginx (pid 12)", "a program of the user www-data".
std::string to_string(const PortOwner& owner);

/// The first port after `port` that can be bound on `host` now; 0 when there is none near.
std::uint16_t free_port_after(const std::string& host, std::uint16_t port);

}  // namespace ccr::cli
