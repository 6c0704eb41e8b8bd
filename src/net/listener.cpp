#include "net/listener.h"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/log.h"

namespace ccr::net {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr int kBatch = 64;  // accepted in one go before others get their turn

std::uint64_t inode_of(const std::string& path) {
    struct stat found{};
    return ::lstat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

}  // namespace

Listener::Listener(asio::io_context& context, ListeningSocket socket, HasRoom has_room, Deal deal)
    : descriptor_(context.get_executor(), socket.descriptor.release()),
      pause_(context),
      has_room_(std::move(has_room)),
      deal_(std::move(deal)),
      unix_path_(std::move(socket.unix_path)),
      file_(unix_path_.empty() ? 0 : inode_of(unix_path_)) {}

Listener::~Listener() {
    remove_socket_file();
}

Task<void> Listener::run(std::shared_ptr<Listener> self) {
    while (!self->closed_) {
        auto [stopped] =
            co_await self->descriptor_.async_wait(asio::posix::descriptor_base::wait_read, kAwait);
        if (stopped || self->closed_) break;
        if (self->accept_waiting() == Pace::wait) continue;
        self->pause_.expires_after(kPause);
        co_await self->pause_.async_wait(kAwait);
    }
}

Listener::Pace Listener::accept_waiting() {
    for (int count = 0; count < kBatch; ++count) {
        if (!has_room_()) return Pace::pause;
        Descriptor accepted = accept_connection(descriptor_.native_handle());
        if (accepted) {
            failing_ = false;
            deal_(std::move(accepted));
            continue;
        }
        const int reason = errno;
        if (reason == EAGAIN || reason == EWOULDBLOCK) return Pace::wait;
        if (reason == EINTR || reason == ECONNABORTED) continue;
        // Out of descriptors or memory: the connection stays queued, so trying again at once would
        // spin.
        if (!failing_) {
            log::error("cannot accept a connection; trying again every 100 ms",
                       {{"err", std::strerror(reason)}});
        }
        failing_ = true;
        return Pace::pause;
    }
    return Pace::wait;
}

void Listener::take_waiting() {
    if (!closed_) accept_waiting();
}

void Listener::close() {
    if (closed_) return;
    closed_ = true;
    pause_.cancel();
    boost::system::error_code ignored;
    descriptor_.close(ignored);
    remove_socket_file();
}

void Listener::remove_socket_file() {
    if (unix_path_.empty()) return;
    if (file_ != 0 && inode_of(unix_path_) == file_) ::unlink(unix_path_.c_str());
    unix_path_.clear();
}

}  // namespace ccr::net
