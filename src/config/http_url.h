// HttpUrl: the parts of a provider's or proxy's URL that the checks look at (RFC 3986). Pure
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ccr::config {

struct HttpUrl {
    std::string scheme;      // lower case
    std::string user_info;   // "user:password", as written
    std::string host;        // lower case, IPv6 without brackets
    std::uint16_t port = 0;  // the scheme's default when none is written; 0 when it has none
    std::string path;        // from the first '/', without query and fragment; may be ""
    std::string query;       // without '?'
};

/// nullopt when there is no "scheme://host", or the port is not a port, or a blank stands inside.
std::optional<HttpUrl> parse_url(std::string_view text);

/// Scheme, host, port and path: safe for messages (no user info, no query).
std::string shown(const HttpUrl& url);

/// localhost and its subdomains, 127.0.0.0/8, ::1 and their IPv4-mapped forms.
bool is_loopback(std::string_view host);
/// 0.0.0.0 and ::, which as the target of a connection mean this machine.
bool is_unspecified(std::string_view host);

}  // namespace ccr::config
