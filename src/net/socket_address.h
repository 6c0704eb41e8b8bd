// Socket addresses as text. Any thread.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>

namespace ccr::net {

/// "127.0.0.1:3456", "[::1]:3456", or the path of a unix socket ("unix" when it has none).
std::string address_text(const sockaddr_storage& address);

/// The addresses of the two ends of a connected or bound socket; "" when the system does not tell.
std::string local_text(int socket);
std::string peer_text(int socket);

/// The port a socket is bound to; 0 when it has none.
std::uint16_t bound_port(int socket);

}  // namespace ccr::net
