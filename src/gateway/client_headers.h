// What travels of a client's request head to a provider of the same protocol. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "net/headers.h"

namespace ccr::gateway {

/// Adds those headers of the client's that such a provider is meant to see - the protocol's own and
/// who the client is - and takes ours of the same names away. Credentials, cookies and hop-by-hop
/// fields stay here.
void add_client_headers(const net::Headers& from, net::Headers& to);

/// The client's query (`?beta=true`) behind `url`, less a key in it and the form of the answer
/// (`alt`), which the target's own address asks for.
std::string with_query(std::string url, std::string_view query);

}  // namespace ccr::gateway
