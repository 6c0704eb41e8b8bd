// load port=N path=TEXT body=FILE [key=value...]     the benchmark's client
// Each of `clients` connections posts the body, reads the answer and asks again at once. After
// `warmup` seconds it counts for `seconds` and prints one line of JSON, times in milliseconds. An
// answer that is no 200, or does not hold `end` in its last bytes, is an error.
//   ramp=S      the connections begin within S seconds, evenly (0: all at once)
//   marks=1     looks at the time in every event, not only for the first
//   stall=MS    a stream that brings nothing for so long has stalled
//   sessions=N  the number of different sessions that take turns: written over kSession's digits
#include <cerrno>
#include <cmath>
#include <cstring>
#include <map>

#include "rig/answer_reader.h"

namespace {

constexpr std::string_view kSession = "00000000-0000-4000-8000-";

struct Options {
    std::string path = "/v1/messages", end = "message_stop";
    double seconds = 1, warmup = 0, ramp = 0, stall = 1e9;
    std::size_t clients = 1, sessions = 0;
    bool marks = false;
};

struct Client {
    std::string_view out;
    rig::AnswerReader answer;
    std::int64_t began = 0, last_event = 0;
    double first = 0, token = 0;
    bool is_waiting = false;  // for room to write
    bool has_stalled = false;
};

double ms(std::int64_t ns) {
    return static_cast<double>(ns) / 1e6;
}

std::int64_t ns(double seconds) {
    return static_cast<std::int64_t>(seconds * 1e9);
}

class Load {
  public:
    Load(std::uint16_t port, const std::string& body, Options options)
        : port_(port), options_(std::move(options)) {
        request_ = "POST " + options_.path +
                   " HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
                   "anthropic-version: 2023-06-01\r\nauthorization: Bearer any-word\r\n"
                   "user-agent: load\r\ncontent-length: " +
                   std::to_string(body.size()) + "\r\n\r\n" + body;
        session_ = request_.find(kSession);
        if (options_.sessions > 0 && session_ == std::string::npos)
            rig::die("the body has no session to vary");
    }

    void run();

  private:
    bool is_counted(std::int64_t at) const { return at >= count_from_ && at <= end_; }
    void connect();
    void ask(int fd);
    void write(int fd);
    void read(int fd);
    void note_events(Client& client, std::int64_t now);
    void record(const Client& client, std::int64_t now);
    void turn(int wait_ms);
    void print();

    std::uint16_t port_;
    Options options_;
    std::string request_;
    std::size_t session_ = 0, asked_ = 0, opened_ = 0;
    int epoll_ = ::epoll_create1(0);
    std::map<int, Client> clients_;
    std::int64_t count_from_ = 0, end_ = 0;
    std::vector<double> totals_, firsts_, tokens_, delays_, gaps_;
    std::vector<std::int64_t> marks_;
    std::size_t errors_ = 0;
};

void Load::connect() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = rig::loopback(port_);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        rig::die("cannot connect: " + std::string(std::strerror(errno)));
    rig::prepare(fd);
    rig::watch(epoll_, fd, EPOLLIN, true);
    ++opened_;
    ask(fd);
}

void Load::ask(int fd) {
    Client& client = clients_[fd];
    if (options_.sessions > 0) {
        char digits[24];
        std::snprintf(digits, sizeof digits, "%012zu", asked_++ % options_.sessions);
        request_.replace(session_ + kSession.size(), 12, digits, 12);
    }
    client = {};
    client.out = request_;
    client.began = rig::now_ns();
    write(fd);
}

void Load::write(int fd) {
    Client& client = clients_[fd];
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

void Load::record(const Client& client, std::int64_t now) {
    if (client.began < count_from_ || now > end_) return;
    if (!client.answer.ends_with(options_.end)) ++errors_;
    totals_.push_back(ms(now - client.began));
    firsts_.push_back(client.first);
    tokens_.push_back(client.token);
}

void Load::note_events(Client& client, std::int64_t now) {
    if (client.token > 0 && !options_.marks) return;
    marks_.clear();
    client.answer.take_marks(marks_);
    if (marks_.empty()) return;
    if (client.token == 0) client.token = ms(now - client.began);
    if (!options_.marks) client.answer.look_no_more();
    if (client.last_event != 0 && is_counted(now)) {
        gaps_.push_back(ms(now - client.last_event));
        if (gaps_.back() > options_.stall) client.has_stalled = true;
    }
    client.last_event = now;
    if (!options_.marks || !is_counted(now)) return;
    for (const std::int64_t sent : marks_) delays_.push_back(sent > 0 ? ms(now - sent) : 0);
}

void Load::read(int fd) {
    static std::vector<char> buffer(1 << 18);
    Client& client = clients_[fd];
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0) rig::die("the connection was closed");
    const std::int64_t now = rig::now_ns();
    if (client.first == 0) client.first = ms(now - client.began);
    const bool is_complete = client.answer.feed({buffer.data(), static_cast<std::size_t>(got)});
    note_events(client, now);
    if (!is_complete) return;
    record(client, now);
    ask(fd);
}

void Load::turn(int wait_ms) {
    epoll_event events[64];
    const int count = ::epoll_wait(epoll_, events, 64, wait_ms);
    for (int i = 0; i < count; ++i) {
        const int fd = events[i].data.fd;
        if ((events[i].events & EPOLLOUT) != 0) write(fd);
        if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(fd);
    }
}

double quantile(std::vector<double>& values, double at) {
    if (values.empty()) return 0;
    const auto place =
        values.begin() +
        static_cast<std::ptrdiff_t>(std::llround(at * static_cast<double>(values.size() - 1)));
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

void Load::print() {
    std::size_t stalled = 0;
    for (const auto& [fd, client] : clients_) {
        const bool is_silent =
            options_.marks && ms(end_ - std::max(client.last_event, count_from_)) > options_.stall;
        stalled += client.has_stalled || is_silent ? 1 : 0;
    }
    std::printf(
        "{\"requests\": %zu, \"errors\": %zu, \"rate\": %.2f, \"events\": %zu, "
        "\"stalled\": %zu",
        totals_.size(), errors_, static_cast<double>(totals_.size()) / options_.seconds,
        delays_.size(), stalled);
    const auto show = [](const char* name, std::vector<double>& values) {
        if (values.empty()) return;
        std::printf(", \"%s50\": %.4f, \"%s99\": %.4f, \"%s999\": %.4f", name,
                    quantile(values, 0.5), name, quantile(values, 0.99), name,
                    quantile(values, 0.999));
    };
    show("p", totals_);
    show("first", firsts_);
    show("token", tokens_);
    show("delay", delays_);
    show("gap", gaps_);
    std::printf("}\n");
}

void Load::run() {
    const std::int64_t start = rig::now_ns();
    count_from_ = start + ns(options_.ramp + options_.warmup);
    end_ = count_from_ + ns(options_.seconds);
    for (std::int64_t now = start; now < end_; now = rig::now_ns()) {
        const double share =
            options_.ramp > 0 ? static_cast<double>(now - start) / 1e9 / options_.ramp : 1;
        const auto wanted = std::ceil(share * static_cast<double>(options_.clients));
        while (opened_ < options_.clients && static_cast<double>(opened_) < wanted) connect();
        turn(opened_ < options_.clients ? 1 : 20);
    }
    print();
}

}  // namespace

int main(int count, char** arguments) {
    Options options;
    std::uint16_t port = 0;
    std::string body;
    for (int i = 1; i < count; ++i) {
        const std::string word = arguments[i];
        const std::size_t at = std::min(word.find('='), word.size());
        const std::string key = word.substr(0, at),
                          value = word.substr(std::min(at + 1, word.size()));
        const double figure = std::atof(value.c_str());
        if (key == "port")
            port = static_cast<std::uint16_t>(figure);
        else if (key == "path")
            options.path = value;
        else if (key == "body")
            body = rig::read_file(value.c_str());
        else if (key == "end")
            options.end = value;
        else if (key == "clients")
            options.clients = static_cast<std::size_t>(figure);
        else if (key == "sessions")
            options.sessions = static_cast<std::size_t>(figure);
        else if (key == "seconds")
            options.seconds = figure;
        else if (key == "warmup")
            options.warmup = figure;
        else if (key == "ramp")
            options.ramp = figure;
        else if (key == "stall")
            options.stall = figure;
        else if (key == "marks")
            options.marks = figure > 0;
        else
            rig::die("unknown option: " + word);
    }
    if (port == 0 || body.empty()) rig::die("usage: load port=N body=FILE [key=value...]");
    Load(port, body, options).run();
}
