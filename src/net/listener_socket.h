// Opens listening sockets: TCP by host and port, unix by path. Blocking calls for the start of a
// server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "net/socket_calls.h"

namespace ccr::net {

/// A non-blocking socket that listens.
struct ListeningSocket {
    Descriptor descriptor;
    std::uint16_t port = 0;
    std::string unix_path;  // "" for TCP
    bool tls = false;       // its connections begin with a handshake
};

/// The settings that say where to listen, for messages.
struct ListenSettings {
    std::string host = "HOST";
    std::string port = "PORT";
};

/// `host`: an IPv4 or IPv6 literal (brackets allowed), "localhost" (both loopback addresses where
/// the system has both) or a name that resolves. Never SO_REUSEPORT. Error: config, naming
/// `settings`.
Result<std::vector<ListeningSocket>> listen_on_tcp(const std::string& host, std::uint16_t port,
                                                   const ListenSettings& settings = {});

/// The same listening socket once more.
ListeningSocket second_descriptor(const ListeningSocket& socket);

/// Replaces an existing socket file, but no file of another kind. Error: config.
Result<ListeningSocket> listen_on_unix(const std::string& path);

}  // namespace ccr::net
