#include "net/proxy_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace ccr::net {

namespace {

constexpr std::string_view kSeparators = ", \t";

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

std::string_view without_brackets(std::string_view host) {
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
        return host.substr(1, host.size() - 2);
    }
    return host;
}

std::string_view without_end_dot(std::string_view host) {
    if (host.size() > 1 && host.ends_with('.')) host.remove_suffix(1);
    return host;
}

std::uint16_t default_port(std::string_view scheme) {
    if (scheme == "https") return 443;
    if (scheme == "http") return 80;
    return 1080;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (problem != std::errc() || end != text.data() + text.size() || port == 0)
        return std::nullopt;
    return port;
}

/// Splits "host:port", "[v6]:port", "host" and a bare IPv6 address; the port is empty when none is
/// given.
struct HostPort {
    std::string_view host;
    std::string_view port;
};
HostPort split_host_port(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return {text, {}};
        const std::string_view rest = text.substr(end + 1);
        return {text.substr(1, end - 1),
                rest.starts_with(':') ? rest.substr(1) : std::string_view()};
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
        return {text, {}};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

/// A numeric address as 16 bytes, IPv4 in its mapped form, so that all comparisons are of one kind.
/// inet_aton reads the short and hexadecimal spellings that a connect would read too.
using Address = std::array<unsigned char, 16>;
std::optional<Address> address_of(std::string_view host) {
    const std::string text(host);
    Address out{};
    in6_addr six{};
    if (inet_pton(AF_INET6, text.c_str(), &six) == 1) {
        std::memcpy(out.data(), &six, out.size());
        return out;
    }
    in_addr four{};
    if (text.empty() || inet_aton(text.c_str(), &four) == 0) return std::nullopt;
    out[10] = out[11] = 0xFF;
    std::memcpy(out.data() + 12, &four, 4);
    return out;
}

bool is_mapped_v4(const Address& address) {
    static constexpr Address kPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    return std::equal(address.begin(), address.begin() + 12, kPrefix.begin());
}

bool in_block(const Address& address, std::string_view block) {
    const std::size_t slash = block.find('/');
    const auto base = address_of(without_brackets(block.substr(0, slash)));
    const std::string_view digits = block.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (!base || problem != std::errc() || end != digits.data() + digits.size()) return false;
    const bool v4 = block.find(':') == std::string_view::npos;
    if (bits > (v4 ? 32u : 128u) || v4 != is_mapped_v4(address)) return false;
    if (v4) bits += 96;
    for (std::size_t i = 0; i < address.size() && bits > 0; ++i) {
        const unsigned here = std::min(bits, 8u);
        if ((address[i] ^ (*base)[i]) >> (8 - here) != 0) return false;
        bits -= here;
    }
    return true;
}

bool matches_entry(const Endpoint& endpoint, const std::optional<Address>& address,
                   std::string_view entry) {
    if (entry == "*") return true;
    if (entry.find('/') != std::string_view::npos) return address && in_block(*address, entry);
    const HostPort parts = split_host_port(entry);
    if (!parts.port.empty() && port_of(parts.port) != endpoint.port) return false;
    if (const auto other = address_of(parts.host)) return address && *address == *other;
    if (address) return false;
    std::string domain = lower(without_end_dot(parts.host));
    if (domain.starts_with("*.")) domain.erase(0, 1);
    if (domain.starts_with('.')) domain.erase(0, 1);
    if (domain.empty()) return false;
    const std::string_view host = without_end_dot(endpoint.host);
    return host == domain ||
           (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

std::string variable(const char* name, const char* other = nullptr) {
    const char* value = std::getenv(name);
    if ((value == nullptr || *value == '\0') && other != nullptr) value = std::getenv(other);
    return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

std::string Endpoint::text() const {
    const bool six = host.find(':') != std::string::npos;
    return (six ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<Endpoint> endpoint_of(std::string_view url) {
    const std::size_t mark = url.find("://");
    if (mark == std::string_view::npos || mark == 0) return std::nullopt;
    Endpoint endpoint;
    endpoint.scheme = lower(url.substr(0, mark));
    std::string_view authority = url.substr(mark + 3);
    authority = authority.substr(0, authority.find_first_of("/?#\\"));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos)
        authority.remove_prefix(at + 1);
    const HostPort parts = split_host_port(authority);
    if (parts.host.empty() || parts.host.starts_with('[')) return std::nullopt;
    if (!authority.starts_with('[') && parts.host.find(':') != std::string_view::npos)
        return std::nullopt;
    endpoint.host = lower(parts.host);
    endpoint.port = default_port(endpoint.scheme);
    if (parts.port.empty()) return endpoint;
    const auto port = port_of(parts.port);
    if (!port) return std::nullopt;
    endpoint.port = *port;
    return endpoint;
}

bool is_loopback_host(std::string_view host) {
    const std::string name = lower(without_end_dot(without_brackets(host)));
    if (name == "localhost" || name.ends_with(".localhost")) return true;
    const auto address = address_of(name);
    if (!address) return false;
    if (is_mapped_v4(*address)) {
        const auto first = (*address)[12];
        return first == 127 ||
               std::all_of(address->begin() + 12, address->end(), [](auto b) { return b == 0; });
    }
    return std::all_of(address->begin(), address->end() - 1, [](auto b) { return b == 0; }) &&
           address->back() <= 1;
}

bool is_exempt(const Endpoint& endpoint, std::string_view no_proxy) {
    const auto address = address_of(endpoint.host);
    for (std::size_t at = 0; at < no_proxy.size();) {
        const std::size_t end = std::min(no_proxy.find_first_of(kSeparators, at), no_proxy.size());
        const std::string_view entry = no_proxy.substr(at, end - at);
        if (!entry.empty() && matches_entry(endpoint, address, entry)) return true;
        at = end + 1;
    }
    return false;
}

ProxyEnvironment ProxyEnvironment::read() {
    return {variable("http_proxy"), variable("https_proxy", "HTTPS_PROXY"),
            variable("all_proxy", "ALL_PROXY"), variable("no_proxy", "NO_PROXY")};
}

std::string choose_proxy(const Endpoint& endpoint, std::string_view configured,
                         const ProxyEnvironment& environment) {
    if (configured == "direct" || is_loopback_host(endpoint.host)) return {};
    if (is_exempt(endpoint, environment.no_proxy)) return {};
    if (!configured.empty()) return std::string(configured);
    const std::string& own = endpoint.scheme == "https" ? environment.https : environment.http;
    return own.empty() ? environment.all : own;
}

bool is_proxy_scheme_known(std::string_view proxy) {
    static constexpr std::array<std::string_view, 6> kKnown = {"http",    "https",  "socks4",
                                                               "socks4a", "socks5", "socks5h"};
    const std::size_t mark = proxy.find("://");
    if (mark == std::string_view::npos) return true;
    return std::find(kKnown.begin(), kKnown.end(), lower(proxy.substr(0, mark))) != kKnown.end();
}

}  // namespace ccr::net
