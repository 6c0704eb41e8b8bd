// Service: the gateway, the demo provider and the control socket, from the bind to the last answer.
//
// Made, run and destroyed by the main thread; requests run on worker threads. The process's locks
// and signal dispositions are its caller's.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/listeners.h"
#include "cli/service_status.h"
#include "config/loader.h"
#include "gateway/memory.h"
#include "gateway/stops.h"

namespace ccr::cli {

struct ServiceSettings {
    config::ConfigPtr config;
    config::Environment environment;
    bool port_is_explicit = false;
    std::string instance;        // id, given by a starter or made up
    std::string control_socket;  // path
    std::string state_file;      // path
    std::string demo_advice;     // one sentence of every demo answer: what could be set up here
    std::string before;          // how the service before this one ended, if not by itself
    std::vector<int> locks;      // handed over with the sockets; open until `let_go` is called
    std::function<void()> let_go = [] {};  // the locks are another process's now
    InheritedSockets inherited;
};

class Service {
  public:
    explicit Service(ServiceSettings settings);
    ~Service();

    /// Binds everything; connections wait until run(). Error (config): what could not be bound, and
    /// why.
    Result<void> open();

    /// Serves until a signal or the control socket asks for the end and the running requests are
    /// over (drain_ms at most; a second signal ends at once). False when some request could not
    /// be ended, so that destroying the service is unsafe and the process must exit as it is.
    bool run();

    /// Asks for the end; only on the thread of run().
    void begin_stop(const std::string& reason);
    /// What a successor takes over; only on the thread of run(). Error (not_found): it ends
    /// already.
    Result<net::Answer> handover();
    /// The successor that asked this `instance` serves now: this one ends when its requests have.
    /// False when that is not so. Only on the thread of run().
    bool handed_over_by(std::string_view instance);
    /// Whether the sockets are another process's.
    bool is_handed_over() const;
    /// Reads the configuration now.
    Result<void> reload();
    /// Takes over what the state file has of models' windows.
    void read_windows();
    ServiceStatus status() const;
    gateway::LessonBook& lessons();
    gateway::Homes& homes();
    gateway::Sessions& sessions();
    /// The user's scripts, as JSON.
    std::string plugins() const;
    gateway::Stops& stops();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ccr::cli
