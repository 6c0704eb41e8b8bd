#include "net/direct_pool.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/client_request.h"

namespace ccr::net {
namespace {

// An idle connection has nothing to read: neither its end nor bytes that nobody asked for.
bool is_quiet(DirectSocket& socket) {
    char byte = 0;
    const auto count = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace

std::optional<DirectSocket> DirectPool::take(const std::string& endpoint) {
    const auto oldest = Clock::now() - kPooledTime;
    for (auto at = idle_.begin(); at != idle_.end();) {
        if (at->since >= oldest && at->endpoint != endpoint) {
            ++at;
            continue;
        }
        Idle found = std::move(*at);
        at = idle_.erase(at);
        boost::system::error_code ignored;
        if (found.is_watched) found.socket.cancel(ignored);
        if (found.since >= oldest && is_quiet(found.socket)) return std::move(found.socket);
    }
    return std::nullopt;
}

void DirectPool::keep(const std::string& endpoint, DirectSocket socket) {
    if (closed_) return;
    idle_.push_front({endpoint, std::move(socket), Clock::now(), ++kept_});
    if (idle_.size() > kMostIdle) idle_.pop_back();
    watch_later();
}

// Under load a connection is taken again within microseconds, and a watch costs a system call.
void DirectPool::watch_later() {
    if (std::exchange(watches_soon_, true)) return;
    timer_.expires_after(kRestTime);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& failed) {
        const auto self = weak.lock();
        if (self && !failed) self->watch_rested();
    });
}

void DirectPool::watch_rested() {
    watches_soon_ = false;
    const auto rested = Clock::now() - kRestTime;
    for (auto at = idle_.begin(); at != idle_.end();) {
        Idle& idle = *at++;
        if (idle.is_watched) continue;
        if (idle.since > rested)
            watch_later();
        else
            on_readable(idle.number);
    }
}

void DirectPool::watch(Idle& idle) {
    idle.is_watched = true;
    idle.socket.async_wait(DirectSocket::wait_read, [weak = weak_from_this(), number = idle.number](
                                                        const boost::system::error_code& failed) {
        const auto self = weak.lock();
        if (self && !failed) self->on_readable(number);
    });
}

void DirectPool::on_readable(std::uint64_t number) {
    const auto found = std::ranges::find(idle_, number, &Idle::number);
    if (found == idle_.end()) return;
    if (is_quiet(found->socket)) {
        watch(*found);
    } else {
        idle_.erase(found);
    }
}

std::unique_ptr<char[]> DirectPool::lend_room() {
    if (spare_room_) return std::move(spare_room_);
    return std::make_unique_for_overwrite<char[]>(kReadBytes);
}

void DirectPool::give_back(std::unique_ptr<char[]> room) {
    if (room) spare_room_ = std::move(room);
}

bool DirectPool::drop_idle() {
    return !std::exchange(idle_, {}).empty();
}

void DirectPool::close() {
    closed_ = true;
    timer_.cancel();
    idle_.clear();
    for (DirectJob* job : std::exchange(jobs_, {})) job->on_close();
}

}  // namespace ccr::net
