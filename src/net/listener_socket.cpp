#include "net/listener_socket.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include "net/socket_address.h"

namespace ccr::net {
namespace {

constexpr int kBacklog = 1024;  // the system cuts it to its own limit
constexpr auto kFreeList = [](addrinfo* list) { ::freeaddrinfo(list); };
using AddressList = std::unique_ptr<addrinfo, decltype(kFreeList)>;

std::string system_reason(int number) {
    return std::generic_category().message(number);
}

/// Where to listen, and the settings that say so.
struct Where {
    const std::string& host;
    std::uint16_t port;
    const ListenSettings& settings;
};

std::unexpected<Error> cannot_listen(const Where& where, int number) {
    const auto& [host, port, settings] = where;
    std::string next_step;
    if (number == EADDRINUSE) {
        next_step = fmt::format("; another program holds this port: stop it or choose another {}",
                                settings.port);
    } else if (number == EACCES) {
        next_step =
            fmt::format("; ports below 1024 need privileges: choose another {}", settings.port);
    } else if (number == EADDRNOTAVAIL) {
        next_step = fmt::format("; no interface of this machine has this address: correct {}",
                                settings.host);
    }
    return fail(ErrorKind::config, fmt::format("Cannot listen on {} port {}: {}{}.", host, port,
                                               system_reason(number), next_step));
}

std::unexpected<Error> cannot_listen(const std::string& path, const std::string& reason) {
    return fail(ErrorKind::config,
                fmt::format("Cannot listen on the socket {}: {}.", path, reason));
}

Result<AddressList> resolve(const Where& where) {
    const auto& [host, port, settings] = where;
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* list = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list);
    if (failed != 0 || list == nullptr) {
        return fail(ErrorKind::config,
                    fmt::format("Cannot listen on {} port {}: {}; correct {}.", host, port,
                                ::gai_strerror(failed), settings.host));
    }
    return AddressList(list, kFreeList);
}

/// Binds and listens; the errno of the first call that fails.
std::expected<ListeningSocket, int> listen_at(const addrinfo& address) {
    Descriptor socket = open_socket(address.ai_family);
    if (!socket) return std::unexpected(errno);
    const int on = 1;
    const int off = 0;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.ai_family == AF_INET6) {
        ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    }
    if (::bind(socket.get(), address.ai_addr, address.ai_addrlen) != 0)
        return std::unexpected(errno);
    if (::listen(socket.get(), kBacklog) != 0) return std::unexpected(errno);
    ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
    ListeningSocket result;
    result.port = bound_port(socket.get());
    result.descriptor = std::move(socket);
    return result;
}

Result<ListeningSocket> listen_at_literal(const Where& where) {
    TRY(const AddressList list, resolve(where));
    auto opened = listen_at(*list);
    if (!opened) return cannot_listen(where, opened.error());
    return std::move(*opened);
}

/// 127.0.0.1 always; ::1 on the same port where the system has it. Only a port asked for by number
/// must be free on both.
Result<std::vector<ListeningSocket>> listen_on_localhost(std::uint16_t port,
                                                         const ListenSettings& settings) {
    static const std::string v4 = "127.0.0.1";
    static const std::string v6 = "::1";
    std::vector<ListeningSocket> sockets;
    TRY(ListeningSocket first, listen_at_literal({v4, port, settings}));
    const std::uint16_t bound = first.port;
    sockets.push_back(std::move(first));
    TRY(const AddressList list, resolve({v6, bound, settings}));
    auto second = listen_at(*list);
    if (second) {
        sockets.push_back(std::move(*second));
    } else if (second.error() == EADDRINUSE && port != 0) {
        return cannot_listen({v6, port, settings}, second.error());
    }
    return sockets;
}

/// Frees the path of a socket file that an earlier server left.
Result<void> remove_old_socket(const std::string& path) {
    struct stat found{};
    if (::lstat(path.c_str(), &found) != 0) return {};
    if (!S_ISSOCK(found.st_mode)) {
        return cannot_listen(path, "a file that is not a socket is there; remove it");
    }
    if (::unlink(path.c_str()) != 0) return cannot_listen(path, system_reason(errno));
    return {};
}

}  // namespace

Result<std::vector<ListeningSocket>> listen_on_tcp(const std::string& host, std::uint16_t port,
                                                   const ListenSettings& settings) {
    if (host.empty()) return cannot_listen({"an empty HOST", port, settings}, EADDRNOTAVAIL);
    if (host == "localhost") return listen_on_localhost(port, settings);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const std::string bare = bracketed ? host.substr(1, host.size() - 2) : host;
    TRY(ListeningSocket socket, listen_at_literal({bare, port, settings}));
    std::vector<ListeningSocket> sockets;
    sockets.push_back(std::move(socket));
    return sockets;
}

ListeningSocket second_descriptor(const ListeningSocket& socket) {
    ListeningSocket second;
    second.descriptor = Descriptor(::fcntl(socket.descriptor.get(), F_DUPFD_CLOEXEC, 0));
    second.port = socket.port;
    second.unix_path = socket.unix_path;
    second.tls = socket.tls;
    return second;
}

Result<ListeningSocket> listen_on_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) {
        return cannot_listen(path,
                             fmt::format("the path must have 1 to {} bytes; choose a shorter one",
                                         sizeof address.sun_path - 1));
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    TRY_DO(remove_old_socket(path));
    ListeningSocket result;
    result.descriptor = open_socket(AF_UNIX);
    result.unix_path = path;
    const int socket = result.descriptor.get();
    if (!result.descriptor ||
        bind_private(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0 || ::listen(socket, kBacklog) != 0) {
        return cannot_listen(path, system_reason(errno));
    }
    ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK);
    return result;
}

}  // namespace ccr::net
