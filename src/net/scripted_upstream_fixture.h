// ScriptedUpstream: a server for tests that does exactly what a script says, byte by byte. Plain
// sockets, or TLS with a test certificate.
//
// Each connection runs the script on a thread of its own; the destructor ends all of them.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ccr::net {

/// The upstream's end of one connection.
class Peer {
  public:
    Peer(int socket, SSL* tls, int number) : socket_(socket), tls_(tls), number_(number) {}

    /// One request head with its blank line; empty when the client left.
    std::string read_head();
    std::string read_exactly(std::size_t size);
    /// What has arrived, waiting for at least one byte; empty at the end.
    std::string read_some();
    bool send(std::string_view bytes);
    /// Waits for the client's end of the connection (FIN or RST), reading over what still comes.
    std::optional<std::chrono::steady_clock::time_point> wait_for_end(
        std::chrono::milliseconds most);
    void close();
    /// Makes the end of the script end the connection with an RST instead of a FIN.
    void reset();
    int socket() const { return socket_; }
    int number() const { return number_; }  // 1 for the first connection

  private:
    long receive(char* into, std::size_t size);

    int socket_;
    SSL* tls_;
    int number_;
    std::string ahead_;
};

class ScriptedUpstream {
  public:
    using Script = std::function<void(Peer&)>;

    explicit ScriptedUpstream(Script script, SSL_CTX* tls = nullptr);
    ~ScriptedUpstream();
    ScriptedUpstream(const ScriptedUpstream&) = delete;
    ScriptedUpstream& operator=(const ScriptedUpstream&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(std::string_view path = "/") const;
    int connections() const { return connections_; }

  private:
    void accept_all();
    void serve(int socket, int number);

    Script script_;
    SSL_CTX* tls_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> connections_ = 0;
    std::mutex guard_;
    std::list<int> open_;
    std::vector<std::thread> workers_;
    std::thread acceptor_;
};

/// A connected socket to a port of 127.0.0.1, -1 when refused.
int connect_to(std::uint16_t port);
/// A bound, listening socket on 127.0.0.1 and its port.
int listen_on_any(std::uint16_t& port, int backlog = 64);
/// Carries bytes both ways until either side ends.
void pump(int left, int right);

}  // namespace ccr::net
