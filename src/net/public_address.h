// Public address: whether an address is one of the open internet. What a stranger's URL may lead to
// is only that, never this machine, its network or a cloud's metadata service.
//
// Pure. Source: IANA's registries of special-purpose addresses (RFC 6890 and its updates).
#pragma once

#include <sys/socket.h>

namespace ccr::net {

/// False for loopback, private, link-local, shared, reserved, documentation, multicast and
/// translated addresses, and for every family but IPv4 and IPv6.
bool is_public_address(const sockaddr& address);

}  // namespace ccr::net
