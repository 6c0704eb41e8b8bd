#include "net/curl_error.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <cctype>
#include <cstring>

#include "net/curl_library.h"
#include "net/transfer_error.h"

namespace ccr::net {

namespace {

/// libcurl's text on one line, short enough for a message.
std::string tidy(std::string_view text) {
    constexpr std::size_t kMost = 200;
    std::string out;
    for (const char c : text.substr(0, kMost))
        out += std::isprint(static_cast<unsigned char>(c)) ? c : ' ';
    while (!out.empty() && (out.back() == ' ' || out.back() == '.')) out.pop_back();
    return out;
}

std::string cause(const Failure& f) {
    if (!f.detail.empty()) return tidy(f.detail);
    return curl().easy_strerror(f.code);
}

std::string through(const Failure& f) {
    return f.proxy.empty() ? "" : fmt::format(" through the proxy {}", f.proxy);
}

Error unreachable(std::string message) {
    return make_error(ErrorKind::upstream_unreachable, std::move(message));
}

Error refused(const Failure& f) {
    const std::string why = f.system_error != 0 ? std::strerror(static_cast<int>(f.system_error))
                                                : std::string("no address could be connected to");
    if (!f.proxy.empty()) {
        return unreachable(
            fmt::format("Cannot connect to the proxy {} on the way to {}: {}. Check the proxy "
                        "setting and that the proxy is running.",
                        f.proxy, f.endpoint, why));
    }
    return connect_failed(f.endpoint, why);
}

Error timed_out(const Failure& f) {
    if (f.proxy.empty()) return connect_timed_out(f.endpoint, f.connect_time);
    return make_error(
        ErrorKind::upstream_timeout,
        fmt::format("No connection to {}{} within {} ms. Check the network and the proxy, or raise "
                    "the connect time-out.",
                    f.endpoint, through(f), f.connect_time.count()));
}

Error certificate_refused(const Failure& f) {
    const std::string why = f.certificate_problem != 0
                                ? std::string(X509_verify_cert_error_string(f.certificate_problem))
                                : cause(f);
    return unreachable(
        fmt::format("TLS: the certificate shown for {}{} is not trusted: {}. If a private "
                    "authority signed it, name the file with its certificate as the CA file.",
                    f.endpoint, through(f), why));
}

Error proxy_failed(const Failure& f) {
    if (f.proxy_status == 407) {
        return unreachable(
            fmt::format("The proxy {} asks for a user and a password (407) on the way to {}. "
                        "Put them into the proxy URL.",
                        f.proxy, f.endpoint));
    }
    const std::string why =
        f.proxy_status >= 300 ? fmt::format("it answered {}", f.proxy_status) : cause(f);
    return unreachable(
        fmt::format("The proxy {} gave no connection to {}: {}. Check the proxy setting and "
                    "that the proxy may reach the host.",
                    f.proxy, f.endpoint, why));
}

Error broken_answer(const Failure& f) {
    return answer_broken(f.endpoint + through(f), cause(f), f.head_complete);
}

Error in_transit(const Failure& f) {
    if (f.connected) return broken_answer(f);
    if (!f.proxy.empty()) return proxy_failed(f);
    return unreachable(
        fmt::format("The connection to {} broke before the request was sent: {}. Try again; "
                    "if it stays so, check the upstream.",
                    f.endpoint, cause(f)));
}

}  // namespace

Error error_of(const Failure& f) {
    switch (f.code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return unreachable(
                fmt::format("Cannot find the address of {}{} (DNS). Check the host name in the "
                            "base URL and the network.",
                            f.endpoint, through(f)));
        case CURLE_COULDNT_RESOLVE_PROXY:
            return unreachable(
                fmt::format("Cannot find the address of the proxy {} on the way to {} (DNS). "
                            "Check the proxy setting.",
                            f.proxy, f.endpoint));
        case CURLE_COULDNT_CONNECT:
            return refused(f);
        case CURLE_OPERATION_TIMEDOUT:
            return timed_out(f);
        case CURLE_PROXY:
            return proxy_failed(f);
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
            return certificate_refused(f);
        case CURLE_SSL_CACERT_BADFILE:
            return make_error(
                ErrorKind::config,
                fmt::format("The CA file set for {} cannot be read or holds no certificate. "
                            "Check its path and that it is in PEM form.",
                            f.endpoint));
        case CURLE_SSL_CONNECT_ERROR:
            return unreachable(
                fmt::format("The TLS handshake with {}{} failed: {}. Check that the port speaks "
                            "https.",
                            f.endpoint, through(f), cause(f)));
        case CURLE_BAD_CONTENT_ENCODING:
            return coding_unreadable(f.endpoint);
        case CURLE_URL_MALFORMAT:
            return make_error(
                ErrorKind::config,
                fmt::format("The URL for {} is malformed. Check the base URL.", f.endpoint));
        case CURLE_OUT_OF_MEMORY:
            return make_error(ErrorKind::internal,
                              fmt::format("Out of memory in the transfer with {}.", f.endpoint));
        default:
            return in_transit(f);
    }
}

}  // namespace ccr::net
