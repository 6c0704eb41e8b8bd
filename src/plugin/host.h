// Host: the plugin host of one set of grants - started when it is first needed, and again, less and
// less eagerly, when it has ended. Hosts: all of them.
//
// Any thread. One Hosts per process; links and their calls end before it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "plugin/host_process.h"

namespace ccr::plugin {

class Host {
  public:
    /// For so many links.
    Host(std::size_t lanes, std::shared_ptr<Roster> roster)
        : lanes_(lanes), roster_(std::move(roster)) {}

    /// The process under way, or a new one that is held to `grants`, the same each time. Error
    /// (config): why there is none, and when it is tried again.
    Result<std::shared_ptr<HostProcess>> process(const config::Scripts& settings,
                                                 const GrantSet& grants);

  private:
    const std::size_t lanes_;
    const std::shared_ptr<Roster> roster_;
    std::mutex mutex_;
    std::shared_ptr<HostProcess> process_;
    int failures_ = 0;  // in a row
    net::Clock::time_point rests_until_{};
};

class Hosts {
  public:
    Hosts(std::size_t lanes, std::shared_ptr<Roster> roster)
        : lanes_(lanes), roster_(std::move(roster)) {}

    /// The host of `grants`; it lives as long as somebody holds it.
    std::shared_ptr<Host> of(const GrantSet& grants);
    /// Another one for whoever comes to of() from now on, in the place of `spent`; that one goes on
    /// for those who hold it.
    std::shared_ptr<Host> instead_of(const std::shared_ptr<Host>& spent, const GrantSet& grants);

  private:
    const std::size_t lanes_;
    const std::shared_ptr<Roster> roster_;
    std::mutex mutex_;
    std::map<std::string, std::weak_ptr<Host>, std::less<>> hosts_;  // by GrantSet::key
};

}  // namespace ccr::plugin
