// HostProcess: one run of the plugin host - started, listened to, ended, and waited for.
//
// Any thread. A thread of its own carries what the process prints into the log; both end with the
// object, which kills what still runs.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "config/config.h"
#include "net/async.h"
#include "plugin/grants.h"
#include "plugin/roster.h"

namespace ccr::plugin {

class HostProcess {
  public:
    /// With a socket for each of `lanes`, held to `grants`. Error (config): there is no program to
    /// run, or it cannot be started, or not be held to them.
    static Result<std::shared_ptr<HostProcess>> start(const config::Scripts& settings,
                                                      const GrantSet& grants, std::size_t lanes,
                                                      std::shared_ptr<Roster> roster);
    ~HostProcess();
    HostProcess(const HostProcess&) = delete;
    HostProcess& operator=(const HostProcess&) = delete;

    /// Our end of a lane's socket; the caller closes it. -1 when it was taken before.
    int take_lane(std::size_t lane);
    bool has_ended();
    /// Ends it; `why` is what those who wait for it are told.
    void kill(const std::string& why);
    /// "the plugin host ended with exit code 3", for people.
    std::string how_it_ended();
    net::Clock::time_point began() const { return began_; }
    pid_t pid() const { return pid_; }
    Roster& roster() const { return *roster_; }

  private:
    explicit HostProcess(std::shared_ptr<Roster> roster) : roster_(std::move(roster)) {}
    void keep();
    void hear(std::string_view line);
    void look();

    const std::shared_ptr<Roster> roster_;  // told of its end, which may be the last of all
    std::mutex mutex_;                      // guards all but the descriptors of the keeper
    std::vector<int> lanes_;
    bool has_ended_ = false;
    int status_ = 0;
    std::string killed_for_;
    pid_t pid_ = -1;
    int output_ = -1;
    std::atomic<bool> leaving_ = false;
    net::Clock::time_point hearing_since_{};  // the keeper's
    int heard_ = 0, unheard_ = 0;             // lines since then
    net::Clock::time_point began_ = net::Clock::now();
    std::thread keeper_;
};

/// The program that runs the host: the one that is named, else node or bun of PATH. Error (config).
Result<std::string> host_program(const std::string& named);

}  // namespace ccr::plugin
