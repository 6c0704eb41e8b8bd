#include "net/scripted_upstream_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace ccr::net {

using std::chrono::steady_clock;

namespace {

sockaddr_in local(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/// Not for the children that a test starts.
int private_socket(int socket) {
    if (socket >= 0) ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    return socket;
}

}  // namespace

int connect_to(std::uint16_t port) {
    const int socket = private_socket(::socket(AF_INET, SOCK_STREAM, 0));
    const sockaddr_in address = local(port);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

int listen_on_any(std::uint16_t& port, int backlog) {
    const int socket = private_socket(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address = local(0);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket, raw, size) != 0 || ::listen(socket, backlog) != 0 ||
        ::getsockname(socket, raw, &size) != 0) {
        throw std::runtime_error("no local port to listen on");
    }
    port = ntohs(address.sin_port);
    return socket;
}

void pump(int left, int right) {
    std::array<pollfd, 2> ends{pollfd{left, POLLIN, 0}, pollfd{right, POLLIN, 0}};
    std::array<char, 16384> bytes;
    while (::poll(ends.data(), ends.size(), -1) > 0) {
        for (int i = 0; i < 2; ++i) {
            if (ends[i].revents == 0) continue;
            const long got = ::recv(ends[i].fd, bytes.data(), bytes.size(), 0);
            if (got <= 0 || ::send(ends[1 - i].fd, bytes.data(), got, 0) != got) return;
        }
    }
}

long Peer::receive(char* into, std::size_t size) {
    if (tls_ != nullptr) return SSL_read(tls_, into, static_cast<int>(size));
    return ::recv(socket_, into, size, 0);
}

std::string Peer::read_some() {
    std::string bytes;
    bytes.swap(ahead_);
    if (!bytes.empty()) return bytes;
    bytes.resize(65536);
    const long got = receive(bytes.data(), bytes.size());
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

std::string Peer::read_head() {
    std::string head;
    for (;;) {
        const std::string more = read_some();
        if (more.empty()) return {};
        head += more;
        const std::size_t end = head.find("\r\n\r\n");
        if (end == std::string::npos) continue;
        ahead_ = head.substr(end + 4);
        head.resize(end + 4);
        return head;
    }
}

std::string Peer::read_exactly(std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) {
        const std::string more = read_some();
        if (more.empty()) return bytes;
        bytes += more;
    }
    ahead_ = bytes.substr(size);
    bytes.resize(size);
    return bytes;
}

bool Peer::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const long sent = tls_ != nullptr
                              ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                              : ::send(socket_, bytes.data(), bytes.size(), 0);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::optional<steady_clock::time_point> Peer::wait_for_end(std::chrono::milliseconds most) {
    const auto until = steady_clock::now() + most;
    std::array<char, 65536> bytes;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_clock::now());
        pollfd end{socket_, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&end, 1, static_cast<int>(left.count())) <= 0)
            return std::nullopt;
        if (::recv(socket_, bytes.data(), bytes.size(), 0) <= 0) return steady_clock::now();
    }
}

void Peer::close() {
    ::shutdown(socket_, SHUT_RDWR);
}

void Peer::reset() {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

ScriptedUpstream::ScriptedUpstream(Script script, SSL_CTX* tls)
    : script_(std::move(script)), tls_(tls) {
    ::signal(SIGPIPE, SIG_IGN);
    listener_ = listen_on_any(port_);
    acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedUpstream::~ScriptedUpstream() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
        const std::lock_guard lock(guard_);
        for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& worker : workers_) worker.join();
    ::close(listener_);
}

std::string ScriptedUpstream::url(std::string_view path) const {
    return (tls_ != nullptr ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) +
           std::string(path);
}

void ScriptedUpstream::accept_all() {
    for (;;) {
        const int socket = private_socket(::accept(listener_, nullptr, nullptr));
        if (socket < 0) return;
        const int yes = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        const std::lock_guard lock(guard_);
        open_.push_back(socket);
        workers_.emplace_back([this, socket, number = ++connections_] { serve(socket, number); });
    }
}

void ScriptedUpstream::serve(int socket, int number) {
    SSL* tls = nullptr;
    if (tls_ != nullptr) {
        tls = SSL_new(tls_);
        SSL_set_fd(tls, socket);
    }
    if (tls == nullptr || SSL_accept(tls) == 1) {
        Peer peer(socket, tls, number);
        script_(peer);
    }
    SSL_free(tls);
    const std::lock_guard lock(guard_);
    open_.remove(socket);
    ::close(socket);
}

}  // namespace ccr::net
