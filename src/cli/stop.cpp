#include "cli/stop.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "cli/control_client.h"
#include "cli/instance_lock.h"

namespace ccr::cli {

Result<void> stop_instance(const Paths& paths, const Instance& instance) {
    using namespace std::chrono_literals;
    // Its own grace for running requests, and some.
    const auto patience = std::chrono::milliseconds(instance.status.drain_ms) + 5s;
    constexpr auto kLookAgain = 5ms;
    const auto asked = ask_service(instance.socket, "POST", "/stop");
    const std::string lock = lock_path(paths, instance.status.configured_port);
    // A service that was just ending cuts the answer off; the lock tells.
    if (asked && asked->status != 200) {
        return fail(ErrorKind::config,
                    fmt::format("The service (pid {}) refuses to stop.", instance.status.pid));
    }
    const auto until = std::chrono::steady_clock::now() + patience;
    while (is_locked(lock)) {
        if (std::chrono::steady_clock::now() > until) {
            return fail(ErrorKind::config, fmt::format("The service (pid {0}) has not ended within "
                                                       "{1} seconds. `kill {0}` ends it at once.",
                                                       instance.status.pid, patience / 1s));
        }
        std::this_thread::sleep_for(kLookAgain);
    }
    return {};
}

}  // namespace ccr::cli
