// Which services of this user run, and which of them a command means.
//
// A service is believed only when it answers on its control socket: no process id and no left-over
// file counts. Blocking; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/paths.h"
#include "cli/service_status.h"

namespace ccr::cli {

struct Instance {
    std::string socket;
    ServiceStatus status;
};

/// What a command is about: the port and file that its options and configuration name.
struct Wanted {
    std::optional<std::uint16_t>
        port;                       // 0 = any free one; none when the configuration cannot be read
    bool port_is_explicit = false;  // from --port or SERVICE_PORT
    std::string config_file;        // absolute
};

/// Where services may listen for commands, the main one (ccr.sock) first; some may be gone.
std::vector<std::string> control_sockets(const Paths& paths);

/// Everything that answers, the main one (ccr.sock) first.
std::vector<Instance> running_instances(const Paths& paths);

/// The one on the wanted port; else, when the port comes from the file, the one that runs with this
/// file on the port that stood there before. nullptr when there is none.
const Instance* find_wanted(const std::vector<Instance>& instances, const Wanted& wanted);
std::optional<Instance> find_instance(const Paths& paths, const Wanted& wanted);

std::string lock_path(const Paths& paths, std::uint16_t port);
/// Whoever holds this one owns ccr.sock; further services take ccr-PORT.sock.
std::string main_lock_path(const Paths& paths);
std::string main_socket_path(const Paths& paths);
std::string socket_path(const Paths& paths, std::uint16_t port);

}  // namespace ccr::cli
