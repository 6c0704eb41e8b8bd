// Which proxy a request takes: the configured one or the environment's, and the exceptions to both.
//
// Pure functions over text, so that every rule can be tested without an environment or a network.
// The environment is read once per client and never written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ccr::net {

/// Where a URL points. `host` is in lower case and without the brackets of an IPv6 address.
struct Endpoint {
    std::string scheme;
    std::string host;
    std::uint16_t port = 0;

    /// "host:port", brackets put back; carries neither credentials nor a path.
    std::string text() const;
};

/// The endpoint of an absolute URL; empty when it has no host or an impossible port. A missing port
/// is the scheme's default.
std::optional<Endpoint> endpoint_of(std::string_view url);

/// Whether a host names this machine: localhost and its subdomains, 127.0.0.0/8, ::1, and the
/// unspecified addresses, which connect to this machine too. Takes "[::1]" as well as "::1".
bool is_loopback_host(std::string_view host);

/// Whether a NO_PROXY list exempts an endpoint. Entries are separated by commas or spaces: "*", a
/// domain (with or without a leading dot; its subdomains too), an address, an address block
/// (10.0.0.0/8, fd00::/8); each but the block may end in ":port".
bool is_exempt(const Endpoint& endpoint, std::string_view no_proxy);

/// The proxy variables of the environment.
struct ProxyEnvironment {
    std::string http;      // http_proxy only: HTTP_PROXY can be forged by a CGI request header
    std::string https;     // https_proxy, HTTPS_PROXY
    std::string all;       // all_proxy, ALL_PROXY
    std::string no_proxy;  // no_proxy, NO_PROXY

    static ProxyEnvironment read();
};

/// The proxy URL for a request, "" for none. `configured` is "" (the environment decides), "direct"
/// or a URL. Loopback endpoints and those in NO_PROXY never take one.
std::string choose_proxy(const Endpoint& endpoint, std::string_view configured,
                         const ProxyEnvironment& environment);

/// Whether a proxy URL's scheme is one that the client speaks. A URL without a scheme is an http
/// proxy.
bool is_proxy_scheme_known(std::string_view proxy);

}  // namespace ccr::net
