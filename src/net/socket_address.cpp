#include "net/socket_address.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <array>
#include <cstring>

namespace ccr::net {
namespace {

template <typename Address>
Address as(const sockaddr_storage& address) {
    Address result{};
    std::memcpy(&result, &address, sizeof result);
    return result;
}

template <typename Call>
std::string text_by(Call call, int socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (call(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return "";
    return address_text(address);
}

}  // namespace

std::string address_text(const sockaddr_storage& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        const auto v4 = as<sockaddr_in>(address);
        ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
        return fmt::format("{}:{}", text.data(), ntohs(v4.sin_port));
    }
    if (address.ss_family == AF_INET6) {
        const auto v6 = as<sockaddr_in6>(address);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
        return fmt::format("[{}]:{}", text.data(), ntohs(v6.sin6_port));
    }
    const auto local = as<sockaddr_un>(address);
    const std::string path(local.sun_path, ::strnlen(local.sun_path, sizeof local.sun_path));
    return path.empty() ? "unix" : path;
}

std::string local_text(int socket) {
    return text_by(::getsockname, socket);
}
std::string peer_text(int socket) {
    return text_by(::getpeername, socket);
}

std::uint16_t bound_port(int socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
    if (address.ss_family == AF_INET) return ntohs(as<sockaddr_in>(address).sin_port);
    if (address.ss_family == AF_INET6) return ntohs(as<sockaddr_in6>(address).sin6_port);
    return 0;
}

}  // namespace ccr::net
