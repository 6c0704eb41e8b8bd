// upstream ANSWER_CHAT ANSWER_MESSAGES     the benchmark's provider
// Answers each POST with the bytes of one of the two files as a chunked event stream, one chunk per
// event, all in one write. Prints "port N". One thread, epoll.
#include <map>
#include <vector>

#include "rig/http_exchange.h"

namespace {

struct Peer {
    std::string in;
    std::string_view out;  // what is left of the answer under way
};

class Upstream {
  public:
    Upstream(const std::string& chat, const std::string& messages)
        : chat_(answer_of(chat)), messages_(answer_of(messages)) {}

    [[noreturn]] void serve();

  private:
    static std::string answer_of(const std::string& events);
    void accept_all();
    void read(int fd);
    void answer_complete(int fd, Peer& peer);
    void write(int fd, Peer& peer);
    void drop(int fd);

    std::string chat_, messages_;
    int listener_ = -1, epoll_ = -1;
    std::map<int, Peer> peers_;
};

std::string Upstream::answer_of(const std::string& events) {
    std::string out =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    std::size_t at = 0;
    while (at < events.size()) {
        const std::size_t end = std::min(events.find("\n\n", at), events.size() - 2) + 2;
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", end - at);
        out += size + events.substr(at, end - at) + "\r\n";
        at = end;
    }
    return out + "0\r\n\r\n";
}

void Upstream::accept_all() {
    for (;;) {
        const int fd = ::accept(listener_, nullptr, nullptr);
        if (fd < 0) return;
        rig::prepare(fd);
        peers_[fd];
        rig::watch(epoll_, fd, EPOLLIN, true);
    }
}

void Upstream::drop(int fd) {
    peers_.erase(fd);
    ::close(fd);
}

void Upstream::write(int fd, Peer& peer) {
    while (!peer.out.empty()) {
        const ssize_t sent = ::send(fd, peer.out.data(), peer.out.size(), MSG_NOSIGNAL);
        if (sent < 0) return rig::watch(epoll_, fd, EPOLLIN | EPOLLOUT, false);
        peer.out.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void Upstream::answer_complete(int fd, Peer& peer) {
    const std::size_t head = peer.in.find("\r\n\r\n");
    if (head == std::string::npos) return;
    const std::string_view view(peer.in.data(), head);
    const std::size_t length = rig::number(rig::header(view, "content-length"));
    peer.in.reserve(head + 4 + length);
    if (peer.in.size() < head + 4 + length) return;
    const bool is_chat = view.substr(0, view.find('\r')).find("/chat/") != std::string_view::npos;
    peer.out = is_chat ? chat_ : messages_;
    peer.in.erase(0, head + 4 + length);
    write(fd, peer);
}

void Upstream::read(int fd) {
    static std::vector<char> buffer(1 << 20);
    Peer& peer = peers_[fd];
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) return drop(fd);
    peer.in.append(buffer.data(), static_cast<std::size_t>(got));
    answer_complete(fd, peer);
}

void Upstream::serve() {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = rig::loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 512) != 0)
        rig::die("cannot listen");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    rig::prepare(listener_);
    epoll_ = ::epoll_create1(0);
    rig::watch(epoll_, listener_, EPOLLIN, true);
    std::printf("port %d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    for (;;) {
        epoll_event events[64];
        const int count = ::epoll_wait(epoll_, events, 64, -1);
        for (int i = 0; i < count; ++i) {
            const int fd = events[i].data.fd;
            if (fd == listener_) {
                accept_all();
            } else if ((events[i].events & EPOLLOUT) != 0) {
                rig::watch(epoll_, fd, EPOLLIN, false);
                write(fd, peers_[fd]);
            } else {
                read(fd);
            }
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) rig::die("usage: upstream ANSWER_CHAT ANSWER_MESSAGES");
    Upstream(rig::read_file(arguments[1]), rig::read_file(arguments[2])).serve();
}
