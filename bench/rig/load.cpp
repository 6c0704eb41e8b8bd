// load PORT BODY CLIENTS SECONDS WARMUP     the benchmark's client
// Each of CLIENTS connections posts the file BODY to /v1/messages, reads the whole streamed answer
// and asks again at once. After WARMUP seconds it counts for SECONDS and prints one line of JSON
// with milliseconds. An answer that is no 200 or does not end in message_stop is an error.
#include <chrono>
#include <vector>

#include "rig/http_exchange.h"

namespace {

using Clock = std::chrono::steady_clock;

double ms_between(Clock::time_point a, Clock::time_point b) {
    return std::chrono::duration<double, std::milli>(b - a).count();
}

// One answer as it comes in: its head, and then chunks up to the empty one.
class AnswerReader {
  public:
    void reset() { *this = AnswerReader(); }
    /// True when the answer is complete.
    bool feed(std::string_view bytes);
    bool is_good() const { return ok_ && tail_.find("message_stop") != std::string::npos; }

  private:
    bool feed_chunks(std::string_view bytes);

    std::string head_;
    bool in_body_ = false, ok_ = false;
    std::string size_line_;
    std::size_t left_ = 0;  // of the chunk and the line end behind it
    bool is_last_ = false;
    std::string tail_;  // the last bytes of the body
};

bool AnswerReader::feed(std::string_view bytes) {
    if (in_body_) return feed_chunks(bytes);
    head_ += bytes;
    const std::size_t end = head_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    in_body_ = true;
    ok_ = head_.compare(0, 12, "HTTP/1.1 200") == 0 &&
          rig::header(head_, "transfer-encoding") == "chunked";
    if (!ok_) rig::die("unexpected answer:\n" + head_.substr(0, 2000));
    const std::string rest = head_.substr(end + 4);
    return feed_chunks(rest);
}

bool AnswerReader::feed_chunks(std::string_view bytes) {
    while (!bytes.empty()) {
        if (left_ > 0) {
            const std::size_t count = std::min(left_, bytes.size());
            const std::string_view part = bytes.substr(0, count);
            constexpr std::size_t kTail = 64;
            if (part.size() >= kTail)
                tail_ = part.substr(part.size() - kTail);
            else
                tail_.append(part).erase(0, tail_.size() > kTail ? tail_.size() - kTail : 0);
            bytes.remove_prefix(count);
            left_ -= count;
            if (left_ == 0 && is_last_) return true;
            continue;
        }
        size_line_ += bytes.front();
        bytes.remove_prefix(1);
        if (!size_line_.ends_with("\r\n")) continue;
        std::size_t size = 0;
        std::from_chars(size_line_.data(), size_line_.data() + size_line_.size(), size, 16);
        size_line_.clear();
        is_last_ = size == 0;
        left_ = size + 2;
    }
    return false;
}

struct Client {
    std::string_view out;
    AnswerReader answer;
    Clock::time_point began;
    bool has_first = false;
    bool is_waiting = false;  // for room to write
    double first = 0;
};

class Load {
  public:
    Load(std::uint16_t port, const std::string& body) : port_(port) {
        request_ =
            "POST /v1/messages?beta=true HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: "
            "application/json\r\nanthropic-version: 2023-06-01\r\nauthorization: Bearer "
            "any-word\r\nuser-agent: load\r\ncontent-length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    void run(std::size_t clients, double seconds, double warmup);

  private:
    void connect(std::size_t clients);
    void ask(int fd);
    void write(int fd);
    void read(int fd);
    void record(Client& client);
    void print(double seconds);

    std::uint16_t port_;
    std::string request_;
    int epoll_ = ::epoll_create1(0);
    std::vector<Client> clients_;  // by descriptor
    Clock::time_point count_from_, end_;
    std::vector<double> totals_, firsts_;
    std::size_t errors_ = 0;
};

void Load::connect(std::size_t clients) {
    for (std::size_t i = 0; i < clients; ++i) {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        const sockaddr_in address = rig::loopback(port_);
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            rig::die("cannot connect");
        rig::prepare(fd);
        clients_.resize(std::max(clients_.size(), static_cast<std::size_t>(fd) + 1));
        rig::watch(epoll_, fd, EPOLLIN, true);
        ask(fd);
    }
}

void Load::ask(int fd) {
    Client& client = clients_[static_cast<std::size_t>(fd)];
    client.answer.reset();
    client.out = request_;
    client.has_first = false;
    client.began = Clock::now();
    write(fd);
}

void Load::write(int fd) {
    Client& client = clients_[static_cast<std::size_t>(fd)];
    while (!client.out.empty()) {
        const ssize_t sent = ::send(fd, client.out.data(), client.out.size(), MSG_NOSIGNAL);
        if (sent < 0) {
            client.is_waiting = true;
            return rig::watch(epoll_, fd, EPOLLIN | EPOLLOUT, false);
        }
        client.out.remove_prefix(static_cast<std::size_t>(sent));
    }
    if (client.is_waiting) rig::watch(epoll_, fd, EPOLLIN, false);
    client.is_waiting = false;
}

void Load::record(Client& client) {
    const auto now = Clock::now();
    if (client.began < count_from_ || now > end_) return;
    if (!client.answer.is_good()) ++errors_;
    totals_.push_back(ms_between(client.began, now));
    firsts_.push_back(client.first);
}

void Load::read(int fd) {
    static std::vector<char> buffer(1 << 18);
    Client& client = clients_[static_cast<std::size_t>(fd)];
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) rig::die("the connection was closed");
    if (!client.has_first) client.first = ms_between(client.began, Clock::now());
    client.has_first = true;
    if (!client.answer.feed({buffer.data(), static_cast<std::size_t>(got)})) return;
    record(client);
    ask(fd);
}

double quantile(std::vector<double>& values, double at) {
    if (values.empty()) return 0;
    const auto place =
        values.begin() + static_cast<std::ptrdiff_t>(at * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

void Load::print(double seconds) {
    std::printf(
        "{\"requests\": %zu, \"errors\": %zu, \"rate\": %.1f, \"p50\": %.4f, \"p99\": %.4f, "
        "\"first50\": %.4f}\n",
        totals_.size(), errors_, static_cast<double>(totals_.size()) / seconds,
        quantile(totals_, 0.5), quantile(totals_, 0.99), quantile(firsts_, 0.5));
}

void Load::run(std::size_t clients, double seconds, double warmup) {
    const auto after = [](Clock::time_point from, double s) {
        return from + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s));
    };
    count_from_ = after(Clock::now(), warmup);
    end_ = after(count_from_, seconds);
    connect(clients);
    while (Clock::now() < end_) {
        epoll_event events[64];
        const int count = ::epoll_wait(epoll_, events, 64, 100);
        for (int i = 0; i < count; ++i) {
            const int fd = events[i].data.fd;
            if ((events[i].events & EPOLLOUT) != 0) write(fd);
            if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(fd);
        }
    }
    print(seconds);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 6) rig::die("usage: load PORT BODY CLIENTS SECONDS WARMUP");
    const auto port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
    Load load(port, rig::read_file(arguments[2]));
    load.run(static_cast<std::size_t>(std::atoi(arguments[3])), std::atof(arguments[4]),
             std::atof(arguments[5]));
}
