// Service: the gateway, the demo provider and the control socket, from the bind to the last answer.
//
// Made, run and destroyed by the main thread; requests run on worker threads. The process's locks
// and signal dispositions are its caller's.
#pragma once

#include <memory>
#include <string>

#include "cli/service_status.h"
#include "config/loader.h"
#include "gateway/memory.h"

namespace ccr::cli {

struct ServiceSettings {
    config::ConfigPtr config;
    config::Environment environment;
    bool port_is_explicit = false;
    std::string instance;        // id, given by a starter or made up
    std::string control_socket;  // path
    std::string state_file;      // path
    std::string demo_advice;     // one sentence of every demo answer: what could be set up here
};

class Service {
  public:
    explicit Service(ServiceSettings settings);
    ~Service();

    /// Binds everything; connections wait until run(). Error (config): what could not be bound, and
    /// why.
    Result<void> open();

    /// Serves until a signal or the control socket asks for the end and the running requests are
    /// over (ten seconds at most; a second signal ends at once). False when some request could not
    /// be ended, so that destroying the service is unsafe and the process must exit as it is.
    bool run();

    /// Asks for the end; only on the thread of run().
    void begin_stop(const std::string& reason);
    /// Reads the configuration now.
    Result<void> reload();
    ServiceStatus status() const;
    gateway::LessonBook& lessons();
    gateway::Homes& homes();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ccr::cli
