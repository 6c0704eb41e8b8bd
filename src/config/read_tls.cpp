// `TLS`: a listener for the network that shows a certificate, and may ask clients for theirs.
#include <fmt/format.h>

#include <cmath>

#include "config/http_url.h"
#include "config/known_keys.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

constexpr int kSoon = 14;  // days

using File = net::TlsFault::File;

// Relative paths would depend on where ccr was started.
std::optional<std::string> path_of(const Reading& reading, const Node& node,
                                   std::string_view name) {
    const std::string path = with_home(
        std::string(trimmed(text_of(reading, node, name).value_or(""))), reading.environment);
    if (path.empty() || path.starts_with('/')) return path;
    reading.report.error(
        "tls", node.place(),
        fmt::format("{} should be an absolute path or begin with ~/; {}", name, kTlsNotListened));
    return std::nullopt;
}

std::optional<net::TlsFiles> files_of(const Reading& reading, const Node& tls) {
    const auto certificate = path_of(reading, tls["cert"], "TLS.cert");
    const auto key = path_of(reading, tls["key"], "TLS.key");
    const auto client_ca = path_of(reading, tls["client_ca"], "TLS.client_ca");
    if (!certificate || !key || !client_ca) return std::nullopt;
    if (!certificate->empty() && !key->empty())
        return net::TlsFiles{*certificate, *key, *client_ca};
    reading.report.error("tls", tls.place(),
                         fmt::format("TLS has no {}: name the PEM file there; {}",
                                     certificate->empty() ? "cert" : "key", kTlsNotListened));
    return std::nullopt;
}

std::string_view name_of(File file) {
    if (file == File::key) return "key";
    return file == File::client_ca ? "client_ca" : "cert";
}

bool check_files(const Reading& reading, const Node& tls, const net::TlsFiles& files) {
    const auto identity = net::TlsIdentity::load(files);
    if (!identity) {
        const std::string_view name = name_of(identity.error().file);
        reading.report.error(
            "tls", tls[name].place(),
            fmt::format("TLS.{}: {}; {}", name, identity.error().message, kTlsNotListened));
        return false;
    }
    const int days = (*identity)->days_left();
    if (days < kSoon) {
        reading.report.warn("tls", tls["cert"].place(),
                            fmt::format("the certificate in {} expires in {} days; renew it (the "
                                        "new file is taken up while ccr runs)",
                                        files.certificate, days));
    }
    return true;
}

std::uint16_t read_tls_port(const Reading& reading, const Node& node, std::uint16_t usual) {
    const auto number = number_of(reading, node, "TLS.port");
    if (!number) return usual;
    const auto port = port_of(*number);
    if (port && *port != 0) return *port;
    reading.report.warn(
        "invalid-value", node.place(),
        fmt::format("TLS.port should be a whole number from 1 to 65535; {} is used", usual));
    return usual;
}

/// Open to the network unless said otherwise, which is what it is for.
std::string read_tls_host(const Reading& reading, const Node& tls, bool is_guarded) {
    const Node node = tls["host"];
    std::string host(trimmed(text_of(reading, node, "TLS.host").value_or("")));
    if (!looks_like_address(host)) {
        reading.report.warn("invalid-value", node.place(),
                            "TLS.host should be a host name or an address without scheme, port "
                            "and path; 127.0.0.1 is used");
        return "127.0.0.1";
    }
    if (host.empty()) host = "0.0.0.0";
    if (is_guarded || is_loopback(host)) return host;
    reading.report.warn("host-needs-key", node ? node.place() : tls.place(),
                        fmt::format("TLS listens on {} but neither a usable APIKEY nor "
                                    "TLS.client_ca is set: anybody in the network could use your "
                                    "providers' keys, so only 127.0.0.1 is listened on; set one "
                                    "of them to open it",
                                    host));
    return "127.0.0.1";
}

bool is_everywhere(std::string_view host) {
    return host == "0.0.0.0" || host == "::";
}

bool has_own_port(const Reading& reading, const Node& tls, const TlsListen& out,
                  const Listen& plain) {
    const bool same_place =
        out.host == plain.host || is_everywhere(out.host) || is_everywhere(plain.host);
    if (out.port != plain.port || !same_place) return true;
    const Node node = tls["port"];
    reading.report.error("tls", node ? node.place() : tls.place(),
                         fmt::format("TLS.port is {}, which PORT has already; give one of them "
                                     "another number; {}",
                                     out.port, kTlsNotListened));
    return false;
}

}  // namespace

void read_tls(const Reading& reading, Config& config) {
    const Node tls = reading.root["TLS"];
    if (tls.is_blank()) return;
    if (!tls.is_object()) {
        reading.report.error("wrong-type", tls.place(),
                             fmt::format("TLS should be an object such as {{cert: \"/path\", key: "
                                         "\"/path\"}} but is {}; {}",
                                         tls.kind(), kTlsNotListened));
        return;
    }
    check_names(tls, kTlsSection, reading.report);
    TlsListen out;
    out.port = read_tls_port(reading, tls["port"], out.port);
    const auto files = files_of(reading, tls);
    if (!files) return;
    out.files = *files;
    const bool has_key =
        !config.access.api_key.empty() && reading.root.any_of({"apikey"}).unresolved().empty();
    out.host = read_tls_host(reading, tls, has_key || !out.files.client_ca.empty());
    if (!has_own_port(reading, tls, out, config.listen)) return;
    const bool is_usable = check_files(reading, tls, out.files);
    (is_usable ? config.listen.tls : config.listen.unusable_tls) = std::move(out);
}

}  // namespace ccr::config
