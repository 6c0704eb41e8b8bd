// DirectRoute: whether a request can go straight to an address, as plain HTTP/1.1: no name to be
// looked up, no proxy, no TLS, no HTTP/2. That is how local models are asked, and the only case
// that ccr does not leave to libcurl. Pure; any thread. DirectRoutes: one thread.
#pragma once

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
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

/// The routes to the latest few addresses, which are those of the next requests, too.
class DirectRoutes {
  public:
    /// nullptr = the request is libcurl's.
    using Route = std::shared_ptr<const DirectRoute>;

    explicit DirectRoutes(ProxyEnvironment environment) : environment_(std::move(environment)) {}

    Route of(const ClientRequest& request);
    const ProxyEnvironment& environment() const { return environment_; }

  private:
    struct Known {
        std::string url, proxy;
        Route route;
    };

    ProxyEnvironment environment_;
    std::array<Known, 8> known_;
    std::size_t oldest_ = 0;
};

/// The request's head with its empty line (RFC 9112, sections 3 and 6).
std::string head_of(const ClientRequest& request, const DirectRoute& route);

}  // namespace ccr::net
