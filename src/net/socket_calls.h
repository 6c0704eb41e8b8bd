// System calls on sockets that differ between Linux and other POSIX systems, and an owner for their
// descriptors. Any thread.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <utility>

namespace ccr::net {

/// Owns a file descriptor; -1 is none.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor();

    int get() const { return number_; }
    int release() { return std::exchange(number_, -1); }
    explicit operator bool() const { return number_ >= 0; }

  private:
    int number_ = -1;
};

/// A stream socket that child processes do not inherit; none with errno set when there is no more
/// room.
Descriptor open_socket(int family);

/// Accepts one connection, not inherited by child processes; none with errno set.
Descriptor accept_connection(int listener);

/// Binds a unix socket whose file is of mode 0600 from its first moment on. -1 with errno set on
/// failure.
int bind_private(int socket, const sockaddr* address, socklen_t length);

/// The user at the other end of a unix socket.
std::optional<std::uint32_t> peer_user(int socket);

}  // namespace ccr::net
