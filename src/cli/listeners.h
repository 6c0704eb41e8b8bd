// Listeners: where a service is asked - its ports, its path, TLS, the control socket. Opened, or
// taken over from the service before, and kept a second time for the one after.
//
// The service's main thread; the port may be asked for on any, once it is open.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/handover.h"
#include "config/config.h"
#include "net/http_server.h"

namespace ccr::cli {

/// The place of another process, taken over; empty = the service opens its own sockets.
struct InheritedSockets {
    std::vector<net::ListeningSocket> listeners;
    net::ListeningSocket control;
};

class Listeners {
  public:
    explicit Listeners(InheritedSockets inherited) : inherited_(std::move(inherited)) {}

    /// `server` listens where `listen` says. Error (config): what cannot be bound, or TLS's files.
    Result<void> open(const config::Listen& listen, net::HttpServer& server);
    /// `server` listens at the path. Error (config).
    Result<void> open_control(const std::string& path, net::HttpServer& server);

    /// The first one that was opened; 0 before.
    std::uint16_t port() const { return port_; }

    /// All of them, for a successor; views this.
    Estate estate(std::string instance, std::vector<int> locks) const;
    /// There will be no successor, or there is one: what the servers close is closed.
    void let_go();

  private:
    InheritedSockets inherited_;
    std::uint16_t port_ = 0;
    // Second descriptors of what the servers listen on.
    std::vector<net::ListeningSocket> listening_;
    net::ListeningSocket controlling_;
};

}  // namespace ccr::cli
