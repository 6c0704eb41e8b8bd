#include "net/test_proxy_fixture.h"

#include <openssl/evp.h>
#include <unistd.h>

namespace ccr::net {

namespace {

std::string base64(const std::string& text) {
    std::string out(4 * (text.size() / 3 + 1) + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::size_t byte(const std::string& text, std::size_t at) {
    return static_cast<unsigned char>(text.at(at));
}

}  // namespace

TestProxy::TestProxy(Settings settings)
    : settings_(std::move(settings)), server_([this](Peer& peer) { serve(peer); }, settings_.tls) {}

std::vector<std::string> TestProxy::asked() {
    const std::lock_guard lock(guard_);
    return asked_;
}

std::vector<std::string> TestProxy::heads() {
    const std::lock_guard lock(guard_);
    return heads_;
}

void TestProxy::note(std::string line, std::string head) {
    const std::lock_guard lock(guard_);
    asked_.push_back(std::move(line));
    heads_.push_back(std::move(head));
}

void TestProxy::serve(Peer& peer) {
    if (settings_.kind == Kind::http)
        serve_http(peer);
    else
        serve_socks5(peer);
}

void TestProxy::serve_http(Peer& peer) {
    const std::string head = peer.read_head();
    const std::string line = head.substr(0, head.find(" HTTP/"));
    note(line, head);
    const std::string wanted =
        "Proxy-Authorization: Basic " + base64(settings_.credentials) + "\r\n";
    if (!settings_.credentials.empty() && head.find(wanted) == std::string::npos) {
        peer.send(
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic "
            "realm=\"x\"\r\n"
            "Content-Length: 0\r\n\r\n");
        return;
    }
    const int upstream = settings_.to == 0 ? -1 : connect_to(settings_.to);
    if (upstream < 0) {
        peer.send("HTTP/1.1 503 No Way\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    if (line.starts_with("CONNECT ")) {
        peer.send("HTTP/1.1 200 Connection established\r\nX-Proxy-Head: 1\r\n\r\n");
    } else {
        (void)!::write(upstream, head.data(), head.size());
    }
    if (settings_.tls == nullptr) {
        pump(peer.socket(), upstream);
    } else {
        // The client's side is encrypted; one exchange is all that the tests need.
        const std::string more = line.starts_with("CONNECT ") ? peer.read_some() : "";
        (void)!::write(upstream, more.data(), more.size());
        Peer server(upstream, nullptr, 0);
        peer.send(server.read_some());
    }
    ::close(upstream);
}

bool TestProxy::greet_socks5(Peer& peer) {
    // RFC 1928, 3; RFC 1929, 2
    const std::string hello = peer.read_exactly(2);
    if (hello.size() < 2) return false;
    peer.read_exactly(byte(hello, 1));
    if (settings_.credentials.empty()) return peer.send(std::string("\x05\x00", 2));
    peer.send("\x05\x02");
    const std::string user_size = peer.read_exactly(2);
    if (user_size.size() < 2) return false;
    const std::string user = peer.read_exactly(byte(user_size, 1));
    const std::string password = peer.read_exactly(byte(peer.read_exactly(1), 0));
    const bool right = user + ":" + password == settings_.credentials;
    peer.send(right ? std::string("\x01\x00", 2) : std::string("\x01\x01", 2));
    return right;
}

void TestProxy::serve_socks5(Peer& peer) {
    if (!greet_socks5(peer)) return;
    const std::string request = peer.read_exactly(4);
    if (request.size() < 4) return;
    std::string host;
    if (request[3] == 3) {
        host = peer.read_exactly(byte(peer.read_exactly(1), 0));
    } else {
        const std::string four = peer.read_exactly(4);
        for (std::size_t i = 0; i < 4; ++i) host += (i ? "." : "") + std::to_string(byte(four, i));
    }
    const std::string port = peer.read_exactly(2);
    note("socks5 " + host + ":" + std::to_string(byte(port, 0) * 256 + byte(port, 1)), "");
    const int upstream = settings_.to == 0 ? -1 : connect_to(settings_.to);
    peer.send(std::string(upstream < 0 ? "\x05\x05\x00\x01" : "\x05\x00\x00\x01", 4) +
              std::string(6, '\0'));
    if (upstream < 0) return;
    pump(peer.socket(), upstream);
    ::close(upstream);
}

}  // namespace ccr::net
