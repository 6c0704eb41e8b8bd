// Host: the plugin host of one set of grants - started when it is first needed, and again, less and
// less eagerly, when it has ended. Hosts: all of them.
//
// Any thread. One Hosts per process; links and their calls end before it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "plugin/host_process.h"

namespace ccr::plugin {

class Host {
  public:
    /// For so many links; `roster` outlives it.
    Host(std::size_t lanes, Roster& roster) : lanes_(lanes), roster_(roster) {}

    /// The process under way, or a new one that is held to `grants`, the same each time. Error
    /// (config): why there is none, and when it is tried again.
    Result<std::shared_ptr<HostProcess>> process(const config::Scripts& settings,
                                                 const GrantSet& grants);

  private:
    const std::size_t lanes_;
    Roster& roster_;
    std::mutex mutex_;
    std::shared_ptr<HostProcess> process_;
    int failures_ = 0;  // in a row
    net::Clock::time_point rests_until_{};
};

class Hosts {
  public:
    Hosts(std::size_t lanes, Roster& roster) : lanes_(lanes), roster_(roster) {}

    /// The host of `grants`; it lives as long as somebody holds it.
    std::shared_ptr<Host> of(const GrantSet& grants);

  private:
    const std::size_t lanes_;
    Roster& roster_;
    std::mutex mutex_;
    std::map<std::string, std::weak_ptr<Host>, std::less<>> hosts_;  // by GrantSet::key
};

}  // namespace ccr::plugin
