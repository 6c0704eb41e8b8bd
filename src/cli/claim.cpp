#include "cli/claim.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace ccr::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 12s;  // longer than a service takes to stop
constexpr auto kLookAgain = 10ms;

Error silent_holder(const std::string& lock) {
    const int pid = last_holder(lock);
    return make_error(
        ErrorKind::config,
        fmt::format(
            "Another ccr (pid {0}) holds {1} but does not answer. End it with `kill {0}` and "
            "try again.",
            pid, lock));
}

}  // namespace

Result<std::variant<Claim, Instance>> claim_port(const Paths& paths, const Wanted& wanted) {
    const std::string lock = lock_path(paths, wanted.port.value_or(0));
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (true) {
        auto running = find_instance(paths, wanted);
        if (running && running->status.state == "ready") return *std::move(running);
        TRY(auto port, InstanceLock::try_take(lock));
        if (port) {
            TRY(auto main, InstanceLock::try_take(main_lock_path(paths)));
            return Claim{*std::move(port), std::move(main)};
        }
        if (std::chrono::steady_clock::now() > until) return std::unexpected(silent_holder(lock));
        std::this_thread::sleep_for(kLookAgain);
    }
}

}  // namespace ccr::cli
