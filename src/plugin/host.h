// Host: the plugin host of this service - started when it is first needed, and again, less and less
// eagerly, when it has ended.
//
// Any thread. One per process; links and their calls end before it.
#pragma once

#include <memory>
#include <mutex>

#include "plugin/host_process.h"

namespace ccr::plugin {

class Host {
  public:
    /// For so many links.
    explicit Host(std::size_t lanes) : lanes_(lanes) {}

    /// The process under way, or a new one. Error (config): why there is none, and when it is
    /// tried again.
    Result<std::shared_ptr<HostProcess>> process(const config::Scripts& settings);

  private:
    const std::size_t lanes_;
    std::mutex mutex_;
    std::shared_ptr<HostProcess> process_;
    int failures_ = 0;  // in a row
    net::Clock::time_point rests_until_{};
};

}  // namespace ccr::plugin
