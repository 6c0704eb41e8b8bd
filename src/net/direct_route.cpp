#include "net/direct_route.h"

#include <algorithm>

#include "net/client_request.h"

namespace ccr::net {
namespace {

// `localhost` is this machine by definition (RFC 6761, 6.3).
std::vector<asio::ip::tcp::endpoint> addresses_of(const Endpoint& endpoint) {
    if (endpoint.host == "localhost") {
        return {{asio::ip::address_v6::loopback(), endpoint.port},
                {asio::ip::address_v4::loopback(), endpoint.port}};
    }
    if (endpoint.host.find('%') != std::string::npos) return {};  // an address with its interface
    boost::system::error_code no_address;
    const auto address = asio::ip::make_address(endpoint.host, no_address);
    if (no_address) return {};
    return {{address, endpoint.port}};
}

// What libcurl would encode, or take for credentials, is left to it.
bool is_plain(std::string_view url) {
    return std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7f; }) &&
           url.find_first_of("@\\#") == std::string_view::npos;
}

}  // namespace

std::optional<DirectRoute> direct_route(const ClientRequest& request,
                                        const ProxyEnvironment& environment) {
    if (request.http2 || request.public_only || !is_plain(request.url)) return std::nullopt;
    const auto to = endpoint_of(request.url);
    if (!to || to->scheme != "http") return std::nullopt;
    DirectRoute route;
    route.addresses = addresses_of(*to);
    if (route.addresses.empty()) return std::nullopt;
    if (!choose_proxy(*to, request.proxy, environment).empty()) return std::nullopt;
    route.endpoint = to->text();
    constexpr std::string_view kMark = "://";
    std::string_view rest = request.url;
    rest.remove_prefix(rest.find(kMark) + kMark.size());
    const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
    route.host = rest.substr(0, path);
    if (route.host.ends_with(":80")) route.host.resize(route.host.size() - 3);
    route.target = rest.substr(path);
    if (!route.target.starts_with('/')) route.target.insert(0, 1, '/');
    return route;
}

DirectRoutes::Route DirectRoutes::of(const ClientRequest& request) {
    if (request.http2 || request.public_only) return nullptr;
    const auto found = std::ranges::find_if(known_, [&](const Known& known) {
        return known.url == request.url && known.proxy == request.proxy;
    });
    if (found != known_.end()) return found->route;
    auto route = direct_route(request, environment_);
    if (!route) return nullptr;
    Known& known = known_[oldest_];
    oldest_ = (oldest_ + 1) % known_.size();
    known = {request.url, request.proxy, std::make_shared<const DirectRoute>(*std::move(route))};
    return known.route;
}

std::string head_of(const ClientRequest& request, const DirectRoute& route) {
    std::string head;
    head.reserve(1024);
    const auto add = [&head](std::string_view name, std::string_view value) {
        head.append(name).append(value.empty() ? ":" : ": ").append(value).append("\r\n");
    };
    head.append(request.method).append(" ").append(route.target).append(" HTTP/1.1\r\n");
    add("Host", request.headers.get("host").value_or(route.host));
    add("Accept-Encoding", "identity");
    for (const auto& [name, value] : request.headers) {
        if (!is_set_by_client(name) && !iequals(name, "host")) add(name, value);
    }
    if (has_body(request)) add("Content-Length", std::to_string(request.body.size()));
    return head.append("\r\n");
}

}  // namespace ccr::net
