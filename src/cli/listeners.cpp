#include "cli/listeners.h"

#include <algorithm>
#include <iterator>

#include "net/listener_socket.h"
#include "net/tls_identity.h"

namespace ccr::cli {
namespace {

using Sockets = std::vector<net::ListeningSocket>;

Result<Sockets> tls_sockets(const config::TlsListen& tls) {
    TRY(Sockets sockets, net::listen_on_tcp(tls.host, tls.port, {"TLS.host", "TLS.port"}));
    for (net::ListeningSocket& socket : sockets) socket.tls = true;
    return sockets;
}

Result<Sockets> open_sockets(const config::Listen& listen) {
    TRY(Sockets sockets, net::listen_on_tcp(listen.host, listen.port));
    if (!listen.unix_path.empty()) {
        TRY(net::ListeningSocket by_path, net::listen_on_unix(listen.unix_path));
        sockets.push_back(std::move(by_path));
    }
    if (listen.tls) {
        TRY(Sockets more, tls_sockets(*listen.tls));
        std::ranges::move(more, std::back_inserter(sockets));
    }
    return sockets;
}

// The files were usable a moment ago, when the configuration was read.
Result<void> read_tls(const config::Listen& listen, net::HttpServer& server) {
    if (!listen.tls) return {};
    auto identity = net::TlsIdentity::load(listen.tls->files);
    if (!identity) return fail(ErrorKind::config, "TLS: " + identity.error().message + ".");
    server.use_tls(std::move(*identity));
    return {};
}

}  // namespace

Result<void> Listeners::open(const config::Listen& listen, net::HttpServer& server) {
    Sockets sockets = std::move(inherited_.listeners);
    if (sockets.empty()) {
        TRY(sockets, open_sockets(listen));
    }
    TRY_DO(read_tls(listen, server));
    // The service before goes on when this one cannot take its place.
    if (!listen.tls && std::ranges::any_of(sockets, &net::ListeningSocket::tls))
        return fail(ErrorKind::config, "TLS is listened on, and its files cannot be used now.");
    port_ = sockets.front().port;
    for (net::ListeningSocket& socket : sockets) {
        listening_.push_back(net::second_descriptor(socket));
        server.listen(std::move(socket));
    }
    return {};
}

Result<void> Listeners::open_control(const std::string& path, net::HttpServer& server) {
    net::ListeningSocket socket = std::move(inherited_.control);
    if (!socket.descriptor) {
        TRY(socket, net::listen_on_unix(path));
    }
    controlling_ = net::second_descriptor(socket);
    server.listen(std::move(socket));
    return {};
}

Estate Listeners::estate(std::string instance, std::vector<int> locks) const {
    return {std::move(instance), std::move(locks), &controlling_, &listening_};
}

void Listeners::let_go() {
    listening_.clear();
    controlling_ = {};
}

}  // namespace ccr::cli
