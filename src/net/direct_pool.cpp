#include "net/direct_pool.h"

#include <sys/socket.h>

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
        if (found.since >= oldest && is_quiet(found.socket)) return std::move(found.socket);
    }
    return std::nullopt;
}

void DirectPool::keep(const std::string& endpoint, DirectSocket socket) {
    if (closed_) return;
    idle_.push_front({endpoint, std::move(socket), Clock::now()});
    if (idle_.size() > kMostIdle) idle_.pop_back();
}

bool DirectPool::drop_idle() {
    return !std::exchange(idle_, {}).empty();
}

void DirectPool::close() {
    closed_ = true;
    idle_.clear();
    for (DirectJob* job : std::exchange(jobs_, {})) job->on_close();
}

}  // namespace ccr::net
