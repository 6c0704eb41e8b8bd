// DirectRoute: whether a request can go straight to an address, as plain HTTP/1.1: no name to be
// looked up, no proxy, no TLS, no HTTP/2. That is how local models are asked, and the only case
// that ccr does not leave to libcurl. Pure; any thread.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <optional>
#include <string>
#include <vector>

#include "net/http_client.h"
#include "net/proxy_rules.h"

namespace ccr::net {

struct DirectRoute {
    std::string endpoint;                            // "host:port"
    std::vector<asio::ip::tcp::endpoint> addresses;  // to be tried in order; never empty
    std::string host;                                // the Host header
    std::string target;                              // path and query
};

/// Empty when the request is libcurl's.
std::optional<DirectRoute> direct_route(const ClientRequest& request,
                                        const ProxyEnvironment& environment);

/// The request's head with its empty line (RFC 9112, sections 3 and 6).
std::string head_of(const ClientRequest& request, const DirectRoute& route);

}  // namespace ccr::net
