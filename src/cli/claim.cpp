#include "cli/claim.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "cli/crash_note.h"

namespace ccr::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 12s;
constexpr auto kLastSteps = 2s;  // of a service whose requests have ended
constexpr auto kLookAgain = 10ms;

Error no_answer(const std::string& lock) {
    const SilentHolder holder = silent_holder(lock, last_holder(lock), "try again");
    return make_error(ErrorKind::config,
                      fmt::format("Cannot start: {}; {}.", holder.what, holder.remedy));
}

std::string told_by(const InstanceLock& lock) {
    const std::string& text = lock.left_behind();
    if (text.empty()) return "";
    return fmt::format("The service that ran here before (pid {}) {}. Its log says what came last.",
                       text.substr(0, text.find('\n')), how_it_ended(text));
}

}  // namespace

Result<std::variant<Claim, Instance>> claim_port(const Paths& paths, const Wanted& wanted) {
    const std::string lock = lock_path(paths, wanted.port.value_or(0));
    const auto began = std::chrono::steady_clock::now();
    auto until = began + kPatience;
    while (true) {
        auto running = find_instance(paths, wanted);
        if (running && running->status.state == "ready") return *std::move(running);
        if (running) {
            const std::chrono::milliseconds drain(running->status.drain_ms);
            until = std::max(until, began + drain + kLastSteps);
        }
        TRY(auto port, InstanceLock::try_take(lock));
        if (port) {
            TRY(auto main, InstanceLock::try_take(main_lock_path(paths)));
            std::string before = told_by(*port);
            return Claim{*std::move(port), std::move(main), std::move(before)};
        }
        if (std::chrono::steady_clock::now() > until) return std::unexpected(no_answer(lock));
        std::this_thread::sleep_for(kLookAgain);
    }
}

}  // namespace ccr::cli
