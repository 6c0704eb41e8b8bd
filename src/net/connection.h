// The life of one connection: heads are read and refused or handed to the handler, one after the
// other.
//
// Thread: the connection's context. Lifetime: serve_connection's coroutine owns everything of it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <unordered_set>

#include "net/body_budget.h"
#include "net/connection_socket.h"
#include "net/http_server.h"
#include "net/tls_identity.h"

namespace ccr::net {

/// What all connections of a server share. The counters may be read on any thread.
struct ServerShared {
    ServerLimits limits;
    Handler handler;
    RefusalWriter refusal;
    std::shared_ptr<TlsIdentity> tls;  // of the listeners that speak it; set before they are
    std::atomic<std::size_t> exchanges{0};
    std::atomic<std::size_t> connections{0};
    BodyBudget bodies;
    std::atomic<bool> stopping{false};
    std::atomic<bool> refusing{false};  // of requests that come now
};

/// One context and its connections; used on the context's thread only.
struct ConnectionGroup {
    asio::io_context& context;
    std::unordered_set<ConnectionSocket*> sockets;
    bool closed = false;
};

/// Who is at the other end, as every RequestHead of the connection tells it.
struct ConnectionPeer {
    std::string name;
    std::string local;
    bool over_unix_socket = false;
    std::uint32_t uid = 0;
};

/// Adds one to a counter of a server for as long as it lives. It keeps the server's part alive
/// itself, because the order in which a coroutine's parameters die is the compiler's.
class Counted {
  public:
    Counted(const std::shared_ptr<ServerShared>& server,
            std::atomic<std::size_t> ServerShared::* counter)
        : counter_(server, &(server.get()->*counter)) {
        ++*counter_;
    }
    Counted(Counted&&) noexcept = default;
    Counted& operator=(Counted&&) = delete;
    ~Counted() {
        if (counter_) --*counter_;
    }

  private:
    std::shared_ptr<std::atomic<std::size_t>> counter_;
};

/// Serves a connection to its end. `slot` is its place among the server's connections. With `tls`
/// it begins with a handshake.
Task<void> serve_connection(std::shared_ptr<ServerShared> server,
                            std::shared_ptr<ConnectionGroup> group,
                            std::shared_ptr<ConnectionSocket> socket, ConnectionPeer peer,
                            TlsContext tls, Counted slot);

}  // namespace ccr::net
