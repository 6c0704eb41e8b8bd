#include "net/socket_calls.h"

#include <sys/stat.h>
#include <unistd.h>

namespace ccr::net {

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

Descriptor open_socket(int family) {
    return Descriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

Descriptor accept_connection(int listener) {
    return Descriptor(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

int bind_private(int socket, const sockaddr* address, socklen_t length) {
    // The file takes over the mode of the socket's own inode (unix(7)), so that no umask is needed.
    if (::fchmod(socket, S_IRUSR | S_IWUSR) != 0) return -1;
    return ::bind(socket, address, length);
}

std::optional<std::uint32_t> peer_user(int socket) {
    ucred credentials{};
    socklen_t length = sizeof credentials;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0)
        return std::nullopt;
    return credentials.uid;
}

}  // namespace ccr::net
