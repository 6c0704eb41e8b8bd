#include "plugin/host.h"

#include <fmt/format.h>

#include <algorithm>

namespace ccr::plugin {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstRest = 250ms;  // after the second end in a row
constexpr auto kLongestRest = 30s;
constexpr auto kLivedWell = 60s;
constexpr int kMostDoublings = 7;

std::chrono::milliseconds rest_after(int failures) {
    if (failures < 2) return 0ms;
    return std::min<std::chrono::milliseconds>(
        kFirstRest * (1 << std::min(failures - 2, kMostDoublings)), kLongestRest);
}

}  // namespace

Result<std::shared_ptr<HostProcess>> Host::process(const config::Scripts& settings,
                                                   const GrantSet& grants) {
    std::shared_ptr<HostProcess> ended;  // waited for when the lock is free again
    const std::lock_guard lock(mutex_);
    const auto now = net::Clock::now();
    if (process_ && !process_->has_ended()) return process_;
    if (process_) {
        failures_ = now - process_->began() > kLivedWell ? 1 : failures_ + 1;
        rests_until_ = now + rest_after(failures_);
        ended = std::move(process_);
        process_.reset();
    }
    if (now < rests_until_) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(rests_until_ - now);
        return fail(ErrorKind::config,
                    fmt::format("the plugin host ended {} times in a row and is started again in "
                                "{} ms; the log says why it ended",
                                failures_, left.count()));
    }
    TRY(process_, HostProcess::start(settings, grants, lanes_, roster_));
    return process_;
}

std::shared_ptr<Host> Hosts::of(const GrantSet& grants) {
    const std::lock_guard lock(mutex_);
    std::erase_if(hosts_, [](const auto& one) { return one.second.expired(); });
    std::weak_ptr<Host>& known = hosts_[grants.key];
    std::shared_ptr<Host> host = known.lock();
    if (!host) known = host = std::make_shared<Host>(lanes_, roster_);
    return host;
}

std::shared_ptr<Host> Hosts::instead_of(const std::shared_ptr<Host>& spent,
                                        const GrantSet& grants) {
    {
        const std::lock_guard lock(mutex_);
        const auto known = hosts_.find(grants.key);
        if (known != hosts_.end() && known->second.lock() == spent) hosts_.erase(known);
    }
    return of(grants);
}

}  // namespace ccr::plugin
