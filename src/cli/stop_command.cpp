#include <fmt/format.h>

#include "cli/banner.h"
#include "cli/commands.h"
#include "cli/daemon.h"
#include "cli/exit_codes.h"
#include "cli/instance_lock.h"
#include "cli/stop.h"

namespace ccr::cli {
namespace {

std::string name_others(const std::vector<Instance>& instances) {
    std::string out;
    for (const Instance& instance : instances) {
        out +=
            fmt::format("Another one runs on port {0} (pid {1}): `ccr stop --port {0}` ends it.\n",
                        instance.status.port, instance.status.pid);
    }
    return out;
}

int nothing_to_stop(const Surroundings& here, const Wanted& what,
                    const std::vector<Instance>& instances) {
    const std::string lock = lock_path(here.paths, what.port.value_or(0));
    if (what.port && is_locked(lock)) {
        const SilentHolder holder = silent_holder(lock, last_holder(lock), "`ccr stop` again");
        fmt::print(stderr, "There is something to stop, but {}: {}.\n", holder.what, holder.remedy);
        return kFailed;
    }
    fmt::print("ccr is not running.\n{}", name_others(instances));
    return kDone;
}

// A service that runs is started again as it was, unless the command line says otherwise.
Surroundings surroundings_of_restart(const Options& options, const config::Environment& environment,
                                     const Instance* running) {
    Options again = options;
    if (running != nullptr) {
        const ServiceStatus& status = running->status;
        if (again.config_file.empty()) again.config_file = status.config_file;
        if (!again.port && status.port_is_explicit) again.port = status.configured_port;
    }
    return surroundings_of(again, environment);
}

// Whether the new process can go on with the old one's listening sockets.
bool has_same_sockets(const ServiceStatus& status, const config::Config& config) {
    return status.hands_over && status.state == "ready" && status.host == config.listen.host &&
           status.unix_socket == config.listen.unix_path &&
           status.tls == tls_endpoint(config.listen) &&
           status.configured_port == config.listen.port;
}

}  // namespace

int stop_command(const Options& options, const config::Environment& environment) {
    const Surroundings here = surroundings_of(options, environment);
    const Wanted what = wanted(here, load(here));
    const std::vector<Instance> instances = running_instances(here.paths);
    const Instance* running = find_wanted(instances, what);
    if (running == nullptr) return nothing_to_stop(here, what, instances);
    if (running->status.active_requests > 0) {
        fmt::print("Waiting for {} running request(s); {} seconds at most.\n",
                   running->status.active_requests, (running->status.drain_ms + 999) / 1000);
        std::fflush(stdout);
    }
    if (const auto stopped = stop_instance(here.paths, *running); !stopped)
        return report(stopped.error());
    fmt::print("ccr has stopped (pid {}, port {}).\n", running->status.pid, running->status.port);
    return kDone;
}

int restart_command(const Options& options, const config::Environment& environment) {
    const Surroundings asked = surroundings_of(options, environment);
    const std::vector<Instance> instances = running_instances(asked.paths);
    const Instance* running = find_wanted(instances, wanted(asked, load(asked)));
    const Surroundings here = surroundings_of_restart(options, environment, running);
    // A service that works is not given up for a configuration that cannot be read.
    const auto config = load(here);
    if (!config) return report(config.error());
    const bool hands_over = running != nullptr && has_same_sockets(running->status, *config);
    if (running != nullptr && !hands_over) {
        if (const auto stopped = stop_instance(here.paths, *running); !stopped)
            return report(stopped.error());
    }
    const auto started = start_daemon(here, hands_over ? running->socket : "");
    if (!started) return report(started.error());
    fmt::print("ccr {} at {} (pid {}).\n",
               running == nullptr ? "was not running; it is now running" : "runs again",
               started->status.endpoint, started->status.pid);
    return kDone;
}

}  // namespace ccr::cli
