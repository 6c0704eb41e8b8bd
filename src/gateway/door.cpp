#include "gateway/door.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/secret_compare.h"
#include "base/text_case.h"
#include "gateway/query.h"

namespace ccr::gateway {
namespace {

// Host and port of an authority ("name:port", "[v6]:port"), the name lower-cased and without
// brackets.
struct Authority {
    std::string name;
    std::string port;
};

Authority split_authority(std::string_view text) {
    Authority out;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        out.name = lower_case(
            text.substr(1, end == std::string_view::npos ? std::string_view::npos : end - 1));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    } else {
        const std::size_t colon = text.find(':');
        out.name = lower_case(text.substr(0, colon));
        text.remove_prefix(std::min(colon, text.size()));
    }
    if (text.starts_with(':')) out.port = text.substr(1);
    while (out.name.ends_with('.')) out.name.pop_back();
    return out;
}

bool is_loopback(const std::string& name) {
    // A domain may begin like an address: 127.0.0.1.example.com.
    const bool is_v4 = name.find_first_not_of("0123456789.") == std::string::npos;
    return name == "localhost" || name == "::1" || (is_v4 && name.starts_with("127."));
}

const std::string& machine_name() {
    static const std::string name = [] {
        std::array<char, 256> buffer{};
        if (gethostname(buffer.data(), buffer.size() - 1) != 0) return std::string();
        return lower_case(buffer.data());
    }();
    return name;
}

bool listed(const std::vector<std::string>& list, const std::string& value) {
    return std::ranges::any_of(
        list, [&](const std::string& item) { return item == "*" || lower_case(item) == value; });
}

bool is_own_name(const std::string& name, const net::RequestHead& head,
                 const config::Config& config) {
    if (is_loopback(name) || listed(config.access.allowed_hosts, name)) return true;
    if (!machine_name().empty() && name == machine_name()) return true;
    return name == lower_case(config.listen.host) || name == split_authority(head.local).name;
}

Result<void> check_host(const net::RequestHead& head, const config::Config& config) {
    if (head.over_tls) return {};  // no browser takes our certificate for a foreign name
    const auto host = head.headers.get("host");
    if (!host) return {};  // HTTP/1.0; a browser always sends one
    const std::string name = split_authority(*host).name;
    if (is_own_name(name, head, config)) return {};
    return fail(ErrorKind::permission,
                fmt::format("The Host '{}' is not one of this server's names. If it should be, add "
                            "it to ALLOWED_HOSTS in the configuration.",
                            name));
}

bool is_own_origin(std::string_view origin, const config::Config& config, std::uint16_t port) {
    if (listed(config.access.allowed_origins, lower_case(origin))) return true;
    const std::size_t scheme = origin.find("://");
    if (scheme == std::string_view::npos) return false;
    const Authority authority = split_authority(origin.substr(scheme + 3));
    return is_loopback(authority.name) && authority.port == std::to_string(port);
}

std::string_view bearer_token(std::string_view value) {
    constexpr std::string_view kScheme = "bearer ";
    if (value.size() <= kScheme.size() || lower_case(value.substr(0, kScheme.size())) != kScheme)
        return {};
    value.remove_prefix(kScheme.size());
    while (value.starts_with(' ')) value.remove_prefix(1);
    return value;
}

}  // namespace

Result<void> check_names(const net::RequestHead& head, const config::Config& config,
                         std::uint16_t port) {
    if (head.over_unix_socket) return {};
    TRY_DO(check_host(head, config));
    const auto origin = head.headers.get("origin");
    if (origin && !is_own_origin(*origin, config, port)) {
        return fail(ErrorKind::permission,
                    fmt::format("Pages of the origin '{}' may not call this server. If they "
                                "should, add it to ALLOWED_ORIGINS in the configuration.",
                                *origin));
    }
    const auto site = head.headers.get("sec-fetch-site");
    if (!origin && site && (*site == "cross-site" || *site == "same-site")) {
        return fail(ErrorKind::permission,
                    "Pages of another site may not call this server. If they should, add their "
                    "origin to ALLOWED_ORIGINS in the configuration.");
    }
    return {};
}

std::vector<std::string> presented_keys(const net::RequestHead& head) {
    std::vector<std::string> keys;
    const auto present = [&](std::string_view key) {
        if (!key.empty()) keys.emplace_back(key);
    };
    for (const std::string_view name : {"x-api-key", "x-goog-api-key"})
        present(head.headers.get(name).value_or(""));
    present(bearer_token(head.headers.get("authorization").value_or("")));
    present(query_value(head.query, "key").value_or(""));
    return keys;
}

Result<void> check_key(const net::RequestHead& head, const config::Access& access) {
    if (access.api_key.empty()) return {};
    const std::vector<std::string> keys = presented_keys(head);
    // Clients can send several, of which only one is meant for us.
    for (const std::string& key : keys) {
        if (secrets_equal(key, access.api_key)) return {};
    }
    return fail(ErrorKind::authentication,
                keys.empty() ? "This server asks for its APIKEY: send it as Authorization: Bearer, "
                               "as x-api-key or as x-goog-api-key."
                             : "The key is not this server's APIKEY.");
}

}  // namespace ccr::gateway
