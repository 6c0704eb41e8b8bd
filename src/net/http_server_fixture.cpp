#include "net/http_server_fixture.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/un.h>

#include <array>
#include <charconv>
#include <cstring>

namespace ccr::net::test {
namespace {

constexpr std::size_t kBodyLimit = 8 << 20;

Answer refusal(const Error& error, std::string_view target) {
    Answer answer;
    answer.status = error.status;
    answer.headers.add("x-kind", std::string(traits_of(error.kind).name));
    answer.body = fmt::format("{}|{}", target, error.message);
    return answer;
}

/// The size must be set before the connection is made (tcp(7)).
Descriptor socket_with_buffer(int receive_buffer) {
    Descriptor socket = open_socket(AF_INET);
    if (receive_buffer > 0) {
        ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    return socket;
}

}  // namespace

RawClient::RawClient(std::uint16_t port, int receive_buffer)
    : RawClient(port, socket_with_buffer(receive_buffer)) {}

RawClient::RawClient(std::uint16_t port, Descriptor socket) : socket_(std::move(socket)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    const int on = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

RawClient::RawClient(const std::string& unix_path) : socket_(open_socket(AF_UNIX)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, unix_path.data(),
                std::min(unix_path.size(), sizeof address.sun_path - 1));
    connected_ =
        ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawClient::more(std::chrono::milliseconds time) {
    if (ended_) return false;
    pollfd waiting{socket_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(time.count())) <= 0) return false;
    std::array<char, 65536> piece;
    const ssize_t count = ::recv(socket_.get(), piece.data(), piece.size(), 0);
    ended_ = count <= 0;
    if (!ended_) buffer_.append(piece.data(), static_cast<std::size_t>(count));
    return !ended_;
}

std::string RawClient::read_until(std::string_view mark) {
    auto at = buffer_.find(mark);
    while (at == std::string::npos && more()) at = buffer_.find(mark);
    return read_exactly(at == std::string::npos ? buffer_.size() : at + mark.size());
}

std::string RawClient::read_exactly(std::size_t count) {
    while (buffer_.size() < count && more()) continue;
    std::string result = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return result;
}

std::optional<std::string> RawClient::read_to_end(std::chrono::milliseconds time) {
    while (more(time)) continue;
    if (!ended_) return std::nullopt;
    return std::exchange(buffer_, "");
}

std::string RawClient::read_answer(bool has_body) {
    std::string head = read_until("\r\n\r\n");
    if (!has_body) return head;
    if (head.find("transfer-encoding: chunked") != std::string::npos)
        return head + read_until("0\r\n\r\n");
    const auto at = head.find("content-length: ");
    if (at == std::string::npos) return head;
    std::size_t length = 0;
    std::from_chars(head.data() + at + 16, head.data() + head.size(), length);
    return head + read_exactly(length);
}

void RawClient::end_sending() {
    ::shutdown(socket_.get(), SHUT_WR);
}

void RawClient::reset() {
    const linger hard{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close();
}

TestServer::TestServer(Handler handler, ServerLimits limits, std::size_t threads) {
    std::vector<asio::io_context*> pointers;
    for (std::size_t i = 0; i < threads; ++i) {
        contexts_.push_back(std::make_unique<asio::io_context>(1));
        pointers.push_back(contexts_.back().get());
    }
    server_ = std::make_unique<HttpServer>(pointers, limits, std::move(handler), refusal);
    port_ = server_->listen_tcp("127.0.0.1", 0).value();
    for (asio::io_context* context : pointers) {
        threads_.emplace_back([context] {
            auto guard = asio::make_work_guard(*context);
            context->run();
        });
    }
}

TestServer::~TestServer() {
    server_->close();
    eventually([this] { return server_->active() == 0; });
    for (auto& context : contexts_) context->stop();
    for (std::thread& thread : threads_) thread.join();
}

bool TestServer::eventually(const std::function<bool()>& condition) {
    const Deadline end = Clock::now() + std::chrono::seconds(10);
    while (!condition()) {
        if (Clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

Task<void> echo(Exchange& exchange) {
    auto body = co_await exchange.read_body(kBodyLimit);
    Answer answer;
    if (body) {
        const RequestHead& head = exchange.head();
        answer.body = fmt::format("{} {}?{}|{}", head.method, head.path, head.query, *body);
    } else {
        answer = refusal(body.error(), exchange.head().target);
    }
    (void)co_await exchange.send(std::move(answer));
}

int status_of(std::string_view answer) {
    int status = 0;
    if (answer.starts_with("HTTP/1.1 "))
        std::from_chars(answer.data() + 9, answer.data() + answer.size(), status);
    return status;
}

std::string_view body_of(std::string_view answer) {
    const auto end = answer.find("\r\n\r\n");
    return end == std::string_view::npos ? std::string_view() : answer.substr(end + 4);
}

std::optional<std::string> unchunk(std::string_view body) {
    std::string data;
    while (true) {
        std::size_t size = 0;
        const auto [end, failed] =
            std::from_chars(body.data(), body.data() + body.size(), size, 16);
        body.remove_prefix(static_cast<std::size_t>(end - body.data()));
        if (failed != std::errc{} || !body.starts_with("\r\n") || body.size() < size + 4)
            return std::nullopt;
        data += body.substr(2, size);
        body.remove_prefix(size + 4);
        if (size == 0) return body.empty() ? std::optional(data) : std::nullopt;
    }
}

}  // namespace ccr::net::test
