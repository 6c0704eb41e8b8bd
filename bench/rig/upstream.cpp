// upstream DIRECTORY     the benchmark's provider, in four protocols
// Answers each POST as its path says (rig/answers.h) with what DIRECTORY's files hold, as a chunked
// event stream of one chunk per event. Prints "port N". One thread, epoll.
#include <queue>

#include "rig/answers.h"

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct Peer {
    std::string in;
    std::string out;  // what is left of the answer under way
    std::size_t sent = 0;
    std::uint64_t number = 0;  // of the connection: descriptors are used again
    rig::Plan plan;
    std::size_t left = 0;  // events that are still to be sent
};

struct Due {
    std::int64_t at;
    int fd;
    std::uint64_t number;
    bool operator>(const Due& other) const { return at > other.at; }
};

class Upstream {
  public:
    explicit Upstream(const std::string& directory) : answers_(directory) {}

    [[noreturn]] void serve();

  private:
    void listen();
    void accept_all();
    void read(int fd);
    void answer_complete(int fd, Peer& peer);
    void send(int fd, Peer& peer, std::string_view bytes);
    void flush(int fd, Peer& peer);
    void send_due();
    void wait(epoll_event* events, int& count) const;
    void drop(int fd);

    rig::Answers answers_;
    int listener_ = -1, epoll_ = -1;
    std::uint64_t accepted_ = 0;
    std::map<int, Peer> peers_;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
};

void Upstream::accept_all() {
    for (;;) {
        const int fd = ::accept(listener_, nullptr, nullptr);
        if (fd < 0) return;
        rig::prepare(fd);
        peers_[fd].number = ++accepted_;
        rig::watch(epoll_, fd, EPOLLIN, true);
    }
}

void Upstream::drop(int fd) {
    peers_.erase(fd);
    ::close(fd);
}

void Upstream::send(int fd, Peer& peer, std::string_view bytes) {
    if (peer.sent == peer.out.size()) {
        const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
        if (bytes.empty()) return;
        peer.out.clear();
        peer.sent = 0;
    }
    peer.out += bytes;
    flush(fd, peer);
}

void Upstream::flush(int fd, Peer& peer) {
    while (peer.sent < peer.out.size()) {
        const ssize_t count =
            ::send(fd, peer.out.data() + peer.sent, peer.out.size() - peer.sent, MSG_NOSIGNAL);
        if (count < 0) return rig::watch(epoll_, fd, EPOLLIN | EPOLLOUT, false);
        peer.sent += static_cast<std::size_t>(count);
    }
}

void Upstream::answer_complete(int fd, Peer& peer) {
    const std::size_t head = peer.in.find("\r\n\r\n");
    if (head == std::string::npos) return;
    const std::string_view view(peer.in.data(), head);
    const std::size_t length = rig::number(rig::header(view, "content-length"));
    peer.in.reserve(head + 4 + length);
    if (peer.in.size() < head + 4 + length) return;
    peer.plan = rig::Answers::plan_of(view.substr(0, view.find('\r')));
    peer.in.erase(0, head + 4 + length);
    if (peer.in.capacity() > 1 << 17) peer.in.shrink_to_fit();
    peer.left = peer.plan.rate > 0 ? peer.plan.events : 0;
    send(fd, peer, answers_.opening(peer.plan));
    // The first event is due at once: a model's first token waits for nothing here.
    if (peer.left > 0) due_.push({rig::now_ns(), fd, peer.number});
}

void Upstream::read(int fd) {
    static std::vector<char> buffer(1 << 20);
    Peer& peer = peers_[fd];
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) return drop(fd);
    peer.in.append(buffer.data(), static_cast<std::size_t>(got));
    answer_complete(fd, peer);
}

void Upstream::send_due() {
    while (!due_.empty() && due_.top().at <= rig::now_ns()) {
        const Due due = due_.top();
        due_.pop();
        const auto found = peers_.find(due.fd);
        if (found == peers_.end() || found->second.number != due.number) continue;
        Peer& peer = found->second;
        send(due.fd, peer, answers_.event(peer.plan));
        if (--peer.left == 0) {
            send(due.fd, peer, answers_.closing(peer.plan));
        } else {
            const auto step =
                static_cast<std::int64_t>(static_cast<double>(kSecond) / peer.plan.rate);
            due_.push({due.at + step, due.fd, due.number});
        }
    }
}

void Upstream::wait(epoll_event* events, int& count) const {
    timespec time{};
    if (!due_.empty()) {
        const std::int64_t left = std::max<std::int64_t>(0, due_.top().at - rig::now_ns());
        time.tv_sec = left / kSecond;
        time.tv_nsec = left % kSecond;
    }
    count = ::epoll_pwait2(epoll_, events, 64, due_.empty() ? nullptr : &time, nullptr);
}

void Upstream::listen() {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = rig::loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 4096) != 0)
        rig::die("cannot listen");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    rig::prepare(listener_);
    epoll_ = ::epoll_create1(0);
    rig::watch(epoll_, listener_, EPOLLIN, true);
    std::printf("port %d\n", ntohs(address.sin_port));
    std::fflush(stdout);
}

void Upstream::serve() {
    listen();
    for (;;) {
        epoll_event events[64];
        int count = 0;
        wait(events, count);
        for (int i = 0; i < count; ++i) {
            const int fd = events[i].data.fd;
            if (fd == listener_) {
                accept_all();
            } else if ((events[i].events & (EPOLLHUP | EPOLLERR)) != 0) {
                drop(fd);
            } else if ((events[i].events & EPOLLOUT) != 0) {
                rig::watch(epoll_, fd, EPOLLIN, false);
                flush(fd, peers_[fd]);
            } else {
                read(fd);
            }
        }
        send_due();
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) rig::die("usage: upstream DIRECTORY");
    Upstream(arguments[1]).serve();
}
