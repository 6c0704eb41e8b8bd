// TestProxy: an HTTP or SOCKS5 proxy for tests. Whatever name it is asked for, it connects to one
// port of 127.0.0.1, and it keeps what it was asked.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "net/scripted_upstream_fixture.h"

namespace ccr::net {

class TestProxy {
  public:
    enum class Kind { http, socks5 };
    struct Settings {
        Kind kind = Kind::http;
        std::uint16_t to = 0;     // where every connection goes; 0 refuses
        std::string credentials;  // "user:password" to ask for
        SSL_CTX* tls = nullptr;
    };
    explicit TestProxy(Settings settings);

    /// "CONNECT host:port" and "GET http://…" request lines, or "socks5 host:port".
    std::vector<std::string> asked();
    /// Heads as received, without their bodies.
    std::vector<std::string> heads();
    std::string address() const { return "127.0.0.1:" + std::to_string(server_.port()); }
    std::uint16_t port() const { return server_.port(); }

  private:
    void serve(Peer& peer);
    void serve_http(Peer& peer);
    void serve_socks5(Peer& peer);
    bool greet_socks5(Peer& peer);
    void note(std::string line, std::string head);

    Settings settings_;
    std::mutex guard_;
    std::vector<std::string> asked_, heads_;
    ScriptedUpstream server_;
};

}  // namespace ccr::net
