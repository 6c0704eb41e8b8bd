#include "cli/control_client.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>

#include "net/pass_descriptors.h"

namespace ccr::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLargestAnswer = 16u << 20;

std::unexpected<Error> unreachable(const std::string& socket, int reason) {
    return fail(ErrorKind::upstream_unreachable,
                fmt::format("No service answers at {}: {}.", socket,
                            std::generic_category().message(reason)));
}

Result<void> wait_for(int socket, short events, Clock::time_point until) {
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
        pollfd watched{socket, events, 0};
        const int ready = left < 0 ? 0 : ::poll(&watched, 1, static_cast<int>(left) + 1);
        if (ready > 0) return {};
        if (ready < 0 && errno == EINTR) continue;
        return fail(ErrorKind::upstream_timeout,
                    "The running service does not answer on its control socket.");
    }
}

Result<net::Descriptor> connect_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) return unreachable(path, ENAMETOOLONG);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    net::Descriptor socket = net::open_socket(AF_UNIX);
    if (!socket) return unreachable(path, errno);
    // A full backlog would block connect() for good.
    ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
    if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        return unreachable(path, errno);
    }
    if (net::peer_user(socket.get()).value_or(::geteuid()) != ::geteuid())
        return unreachable(path, EPERM);
    return socket;
}

Result<void> send_all(int socket, std::string_view bytes, Clock::time_point until) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN || errno == EINTR) {
            TRY_DO(wait_for(socket, POLLOUT, until));
        } else {
            return fail(ErrorKind::upstream_unreachable,
                        "The running service has closed its control socket.");
        }
    }
    return {};
}

Result<std::string> read_to_end(int socket, Clock::time_point until,
                                std::vector<net::Descriptor>& descriptors) {
    std::string bytes;
    std::array<char, 8192> chunk{};
    while (bytes.size() < kLargestAnswer) {
        TRY_DO(wait_for(socket, POLLIN, until));
        const ssize_t got = net::receive_with_descriptors(socket, chunk, descriptors);
        if (got == 0) break;
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got < 0) break;
        bytes.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return bytes;
}

}  // namespace

Result<ControlAnswer> parse_control_answer(std::string_view bytes) {
    constexpr std::string_view kStart = "HTTP/1.1 ";
    const auto end = bytes.find("\r\n\r\n");
    ControlAnswer answer;
    const char* first = bytes.data() + kStart.size();
    if (bytes.starts_with(kStart) && end != std::string_view::npos &&
        std::from_chars(first, bytes.data() + end, answer.status).ec == std::errc{}) {
        answer.body = bytes.substr(end + 4);
        return answer;
    }
    return fail(ErrorKind::upstream_protocol, "The control socket gave an answer that is no HTTP.");
}

Result<ControlAnswer> ask_service(const std::string& socket, std::string_view method,
                                  std::string_view path, std::chrono::milliseconds time) {
    const auto until = Clock::now() + time;
    TRY(const net::Descriptor connection, connect_to(socket));
    const std::string request =
        fmt::format("{} {} HTTP/1.1\r\nHost: ccr\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                    method, path);
    TRY_DO(send_all(connection.get(), request, until));
    std::vector<net::Descriptor> descriptors;
    TRY(const std::string bytes, read_to_end(connection.get(), until, descriptors));
    TRY(ControlAnswer answer, parse_control_answer(bytes));
    answer.descriptors = std::move(descriptors);
    return answer;
}

}  // namespace ccr::cli
