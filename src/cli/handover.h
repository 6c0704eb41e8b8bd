// How a new process takes a running service's place: locks and listening sockets come over the
// control socket, so that no connection is refused. The old one goes on until it hears that the new
// one is ready, and goes on for good when that never comes.
//
// Blocking; for the start of a process.
#pragma once

#include <string>
#include <vector>

#include "cli/claim.h"
#include "net/http_server.h"

namespace ccr::cli {

/// What a service passes on; the descriptors stay its own.
struct Estate {
    std::string instance;
    std::vector<int> locks;  // of the port, then of the main service if this is it
    const net::ListeningSocket* control = nullptr;
    const std::vector<net::ListeningSocket>* listeners = nullptr;
};
net::Answer handover_answer(const Estate& estate);

struct Inheritance {
    std::string predecessor;  // its instance id
    Claim claim;
    net::ListeningSocket control;
    std::vector<net::ListeningSocket> listeners;
};

/// Asks the service at `socket`. Error: it does not answer, or does not pass on its place.
Result<Inheritance> ask_for_handover(const std::string& socket);

/// Tells it that this process serves from now on. Error: it still means to serve itself.
Result<void> confirm_handover(const std::string& socket, const std::string& predecessor);

}  // namespace ccr::cli
