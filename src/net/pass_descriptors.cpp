#include "net/pass_descriptors.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace ccr::net {
namespace {

struct alignas(cmsghdr) ControlBuffer {
    std::array<char, CMSG_SPACE(kMostPassed * sizeof(int))> bytes{};
};

void take_descriptors(const cmsghdr& part, std::vector<Descriptor>& taken) {
    if (part.cmsg_level != SOL_SOCKET || part.cmsg_type != SCM_RIGHTS) return;
    const std::size_t count = (part.cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
        int number = -1;
        std::memcpy(&number, CMSG_DATA(&part) + i * sizeof number, sizeof number);
        ::fcntl(number, F_SETFD, FD_CLOEXEC);
        taken.emplace_back(number);
    }
}

}  // namespace

ssize_t send_with_descriptors(int socket, std::string_view bytes, std::span<const int> passed) {
    if (passed.size() > kMostPassed) {
        errno = EINVAL;
        return -1;
    }
    iovec data{const_cast<char*>(bytes.data()), bytes.size()};
    ControlBuffer control;
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    if (!passed.empty()) {
        message.msg_control = control.bytes.data();
        message.msg_controllen = CMSG_SPACE(passed.size_bytes());
        cmsghdr* part = CMSG_FIRSTHDR(&message);
        part->cmsg_level = SOL_SOCKET;
        part->cmsg_type = SCM_RIGHTS;
        part->cmsg_len = CMSG_LEN(passed.size_bytes());
        std::memcpy(CMSG_DATA(part), passed.data(), passed.size_bytes());
    }
    return ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

ssize_t receive_with_descriptors(int socket, std::span<char> to, std::vector<Descriptor>& taken) {
    iovec data{to.data(), to.size()};
    ControlBuffer control;
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    const ssize_t got = ::recvmsg(socket, &message, 0);
    if (got < 0) return got;
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
         part = CMSG_NXTHDR(&message, part)) {
        take_descriptors(*part, taken);
    }
    return got;
}

}  // namespace ccr::net
