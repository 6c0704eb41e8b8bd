#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "config/http_url.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

void read_port(const Reading& reading, Config& config) {
    const Node node = reading.root["PORT"];
    if (const auto number = number_of(reading, node, "PORT")) {
        if (const auto port = port_of(*number)) {
            config.listen.port = *port;
        } else {
            reading.report.warn(
                "invalid-value", node.place(),
                fmt::format("PORT should be a whole number from 1 to 65535; {} is used",
                            config.listen.port));
        }
    }
    const auto text = reading.environment("SERVICE_PORT");
    if (!text || text->empty()) return;
    std::uint16_t port = 0;
    const char* end = text->data() + text->size();
    const auto [stopped, failure] = std::from_chars(text->data(), end, port);
    if (failure == std::errc{} && stopped == end) {
        config.listen.port = port;
    } else {
        reading.report.warn(
            "invalid-value", {},
            fmt::format("the variable SERVICE_PORT should be a port number; {} is used",
                        config.listen.port));
    }
}

// The APIKEY, and whether it is one: a reference without a value is text that anybody can guess.
bool read_api_key(const Reading& reading, Config& config) {
    const Node node = reading.root.any_of({"apikey"});
    config.access.api_key = text_of(reading, node, "APIKEY").value_or("");
    if (config.access.api_key.empty()) return false;
    if (node.unresolved().empty()) return true;
    const std::string& name = node.unresolved().front();
    reading.report.error(
        "unresolved-variable", node.place(),
        fmt::format("APIKEY names the variable {0}, which is not set, so no client can present "
                    "the key; export {0}=... before the start",
                    name));
    return false;
}

// Relative paths would depend on where ccr was started.
void read_unix_socket(const Reading& reading, Config& config) {
    const Node node = reading.root["UNIX_SOCKET"];
    const std::string path =
        with_home(std::string(trimmed(text_of(reading, node, "UNIX_SOCKET").value_or(""))),
                  reading.environment);
    if (path.empty()) return;
    if (path.starts_with('/')) {
        config.listen.unix_path = path;
        return;
    }
    reading.report.warn("invalid-value", node.place(),
                        "UNIX_SOCKET should be an absolute path or begin with ~/; there is no "
                        "unix socket");
}

void read_host(const Reading& reading, bool has_key, Config& config) {
    const Node node = reading.root["HOST"];
    Listen& listen = config.listen;
    listen.asked_host = trimmed(text_of(reading, node, "HOST").value_or(""));
    if (listen.asked_host.empty()) return;
    if (!looks_like_address(listen.asked_host)) {
        reading.report.warn(
            "invalid-value", node.place(),
            "HOST should be a host name or an address without scheme, port and path, such as "
            "0.0.0.0; 127.0.0.1 is used");
        return;
    }
    if (has_key || is_loopback(listen.asked_host)) {
        listen.host = lowered(listen.asked_host) == "localhost" ? "127.0.0.1" : listen.asked_host;
        return;
    }
    reading.report.warn(
        "host-needs-key", node.place(),
        fmt::format("HOST is {} but no usable APIKEY is set: anybody in the network could use your "
                    "providers' keys, so only 127.0.0.1 is listened on; set APIKEY to open it",
                    listen.asked_host));
}

}  // namespace

void read_listen(const Reading& reading, Config& config) {
    read_port(reading, config);
    const bool has_key = read_api_key(reading, config);
    read_host(reading, has_key, config);
    read_unix_socket(reading, config);
    config.access.allowed_hosts = list_of(reading, reading.root["ALLOWED_HOSTS"], "ALLOWED_HOSTS");
    config.access.allowed_origins =
        list_of(reading, reading.root["ALLOWED_ORIGINS"], "ALLOWED_ORIGINS");
}

std::optional<std::uint16_t> port_of(double number) {
    if (!(number >= 0 && number <= 65535) || number != std::floor(number)) return std::nullopt;
    return static_cast<std::uint16_t>(number);
}

bool looks_like_address(std::string_view host) {
    return host.find_first_of("/ @") == std::string_view::npos;
}

bool leads_back(std::string_view host, std::uint16_t port, const Listen& own) {
    const bool by_tls = own.tls && own.tls->port == port;
    if ((port != own.port && !by_tls) || port == 0) return false;
    const std::string name = lowered(host);
    return is_loopback(name) || is_unspecified(name) || name == lowered(own.host) ||
           name == lowered(own.asked_host) || (by_tls && name == lowered(own.tls->host));
}

}  // namespace ccr::config
