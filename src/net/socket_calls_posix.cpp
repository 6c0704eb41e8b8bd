#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "net/socket_calls.h"

namespace ccr::net {
namespace {

Descriptor prepared(Descriptor socket) {
    if (!socket) return socket;
    ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    return socket;
}

}  // namespace

Descriptor::~Descriptor() {
    if (number_ >= 0) ::close(number_);
}

Descriptor open_socket(int family) {
    return prepared(Descriptor(::socket(family, SOCK_STREAM, 0)));
}

Descriptor accept_connection(int listener) {
    Descriptor socket = prepared(Descriptor(::accept(listener, nullptr, nullptr)));
    if (socket) ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
    return socket;
}

int bind_private(int socket, const sockaddr* address, socklen_t length) {
    // The mode of a socket's file follows the umask alone here.
    const mode_t before = ::umask(S_IXUSR | S_IRWXG | S_IRWXO);
    const int result = ::bind(socket, address, length);
    ::umask(before);
    return result;
}

std::optional<std::uint32_t> peer_user(int socket) {
    uid_t user = 0;
    gid_t group = 0;
    if (::getpeereid(socket, &user, &group) != 0) return std::nullopt;
    return user;
}

}  // namespace ccr::net
