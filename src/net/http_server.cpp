#include "net/http_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <utility>

#include "base/log.h"
#include "net/connection.h"
#include "net/listener.h"
#include "net/socket_address.h"

namespace ccr::net {
namespace {

/// The border of a connection's coroutine: what gets here is a defect, and ends only this
/// connection.
void log_defect(const std::exception_ptr& failure) {
    if (!failure) return;
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& known) {
        log::error("a connection has failed", {{"err", known.what()}});
    } catch (...) {
        log::error("a connection has failed");
    }
}

ConnectionPeer peer_of(int socket, int family) {
    ConnectionPeer peer;
    peer.over_unix_socket = family == AF_UNIX;
    peer.local = local_text(socket);
    peer.name = peer.over_unix_socket ? "unix" : peer_text(socket);
    if (peer.over_unix_socket)
        peer.uid = peer_user(socket).value_or(static_cast<std::uint32_t>(-1));
    return peer;
}

int family_of(int socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
    return address.ss_family;
}

/// Starts to serve an accepted connection; runs on the group's thread.
void start_connection(const std::shared_ptr<ServerShared>& server,
                      const std::shared_ptr<ConnectionGroup>& group, Descriptor accepted, bool tls,
                      Counted slot) {
    if (group->closed) return;
    const int number = accepted.get();
    const int family = family_of(number);
    if (family != AF_UNIX) {
        const int on = 1;
        ::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    ConnectionPeer peer = peer_of(number, family);
    ConnectionSocket::Socket raw(group->context);
    boost::system::error_code failed;
    raw.assign(asio::generic::stream_protocol(family, 0), number, failed);
    if (failed) return;
    accepted.release();
    auto socket = std::make_shared<ConnectionSocket>(std::move(raw));
    asio::co_spawn(group->context,
                   serve_connection(server, group, std::move(socket), std::move(peer),
                                    tls ? server->tls->context() : nullptr, std::move(slot)),
                   log_defect);
}

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<HttpServer::Impl> {
  public:
    Impl(const std::vector<asio::io_context*>& contexts, ServerLimits limits, Handler handler,
         RefusalWriter refusal)
        : shared_(std::make_shared<ServerShared>()) {
        shared_->limits = limits;
        shared_->bodies.most = limits.body_bytes;
        shared_->handler = std::move(handler);
        shared_->refusal = std::move(refusal);
        for (asio::io_context* context : contexts) {
            groups_.push_back(std::make_shared<ConnectionGroup>(*context));
        }
    }

    void listen(ListeningSocket socket) {
        asio::io_context& context = groups_.front()->context;
        auto shared = shared_;
        const bool tls = socket.tls;
        auto listener = std::make_shared<Listener>(
            context, std::move(socket),
            [shared] { return shared->connections < shared->limits.max_connections; },
            [shared, tls, groups = groups_, next = std::size_t{0}](Descriptor accepted) mutable {
                auto group = groups[next++ % groups.size()];
                asio::post(
                    group->context, [shared, group, tls, accepted = std::move(accepted),
                                     slot = Counted(shared, &ServerShared::connections)]() mutable {
                        start_connection(shared, group, std::move(accepted), tls, std::move(slot));
                    });
            });
        asio::post(context, [self = shared_from_this(), listener = std::move(listener)] {
            self->listeners_.push_back(listener);
            asio::co_spawn(self->groups_.front()->context, Listener::run(listener), log_defect);
        });
    }

    void use_tls(std::shared_ptr<TlsIdentity> identity) { shared_->tls = std::move(identity); }

    void stop_accepting(Ending ending) {
        if (ending == Ending::stop) shared_->refusing = true;
        shared_->stopping = true;
        asio::post(groups_.front()->context, [self = shared_from_this(), ending] {
            for (const auto& listener : self->listeners_) {
                if (ending == Ending::handed_over) {
                    listener->leave_file();
                } else {
                    listener->take_waiting();
                }
                listener->close();
            }
            self->listeners_.clear();
        });
    }

    void close() {
        shared_->stopping = true;
        close_listeners();
        for_each_group([](ConnectionGroup& group) {
            group.closed = true;
            // Ending one connection may end others through its callbacks, so the set is looked at
            // anew.
            const std::vector<ConnectionSocket*> sockets(group.sockets.begin(),
                                                         group.sockets.end());
            for (ConnectionSocket* socket : sockets) {
                if (group.sockets.contains(socket)) socket->kill();
            }
        });
    }

    std::size_t active() const { return shared_->exchanges; }
    std::size_t connections() const { return shared_->connections; }

  private:
    void close_listeners() {
        asio::post(groups_.front()->context, [self = shared_from_this()] {
            for (const auto& listener : self->listeners_) listener->close();
            self->listeners_.clear();
        });
    }

    void for_each_group(void (*action)(ConnectionGroup&)) {
        for (const auto& group : groups_) {
            asio::post(group->context, [group, action] { action(*group); });
        }
    }

    std::shared_ptr<ServerShared> shared_;
    std::vector<std::shared_ptr<ConnectionGroup>> groups_;
    std::vector<std::shared_ptr<Listener>> listeners_;  // on the first context's thread only
};

HttpServer::HttpServer(std::vector<asio::io_context*> contexts, ServerLimits limits,
                       Handler handler, RefusalWriter refusal)
    : impl_(std::make_shared<Impl>(contexts, limits, std::move(handler), std::move(refusal))) {}

HttpServer::~HttpServer() {
    close();
}

Result<std::uint16_t> HttpServer::listen_tcp(const std::string& host, std::uint16_t port) {
    TRY(std::vector<ListeningSocket> sockets, listen_on_tcp(host, port));
    const std::uint16_t bound = sockets.front().port;
    for (ListeningSocket& socket : sockets) impl_->listen(std::move(socket));
    return bound;
}

Result<void> HttpServer::listen_unix(const std::string& path) {
    TRY(ListeningSocket socket, listen_on_unix(path));
    impl_->listen(std::move(socket));
    return {};
}

void HttpServer::listen(ListeningSocket socket) {
    impl_->listen(std::move(socket));
}

void HttpServer::use_tls(std::shared_ptr<TlsIdentity> identity) {
    impl_->use_tls(std::move(identity));
}

void HttpServer::stop_accepting(Ending ending) {
    impl_->stop_accepting(ending);
}
std::size_t HttpServer::connections() const {
    return impl_->connections();
}
std::size_t HttpServer::active() const {
    return impl_->active();
}
void HttpServer::close() {
    impl_->close();
}

}  // namespace ccr::net
