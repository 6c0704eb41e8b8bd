#include "cli/port_owner.h"

#include <fmt/format.h>

#include "net/listener_socket.h"

namespace ccr::cli {

std::string to_string(const PortOwner& owner) {
    if (owner.pid > 0)
        return fmt::format("{} (pid {})", owner.command.empty() ? "a program" : owner.command,
                           owner.pid);
    if (!owner.user.empty()) return fmt::format("a program of the user {}", owner.user);
    return "another program";
}

std::uint16_t free_port_after(const std::string& host, std::uint16_t port) {
    constexpr int kTries = 20;
    for (int next = port + 1; next <= port + kTries && next <= 65535; ++next) {
        if (net::listen_on_tcp(host, static_cast<std::uint16_t>(next)))
            return static_cast<std::uint16_t>(next);
    }
    return 0;
}

}  // namespace ccr::cli
