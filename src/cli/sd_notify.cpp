#include "cli/sd_notify.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "base/log.h"
#include "net/socket_calls.h"

namespace ccr::cli {

void tell_manager(const std::string& socket, std::string_view lines) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.empty() || socket.size() >= sizeof address.sun_path) return;
    std::memcpy(address.sun_path, socket.data(), socket.size());
    // "@name" is a name in Linux's abstract namespace, which begins with a zero byte (unix(7)).
    if (socket.front() == '@') address.sun_path[0] = '\0';
    const net::Descriptor out(::socket(AF_UNIX, SOCK_DGRAM, 0));
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
    if (::sendto(out.get(), lines.data(), lines.size(), MSG_NOSIGNAL,
                 reinterpret_cast<const sockaddr*>(&address), length) < 0) {
        log::warn("the service manager cannot be told", {{"err", std::strerror(errno)}});
    }
}

std::string manager_socket() {
    const char* socket = std::getenv("NOTIFY_SOCKET");
    return socket == nullptr ? "" : socket;
}

}  // namespace ccr::cli
