// The claim of a starting service to its port: the locks that make it the only one.
//
// Held by the service from its start to the end of the process. One thread.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "cli/instance_lock.h"
#include "cli/instances.h"

namespace ccr::cli {

struct Claim {
    InstanceLock port;
    std::optional<InstanceLock> main;  // this is the main service, with ccr.sock and the pid file
    std::string before;                // how the service before this one ended, if not by itself
};

/// The locks, or the service that already runs as wanted. Waits for a service that is just starting
/// or stopping. Error (config): somebody holds the lock but does not answer, or the file system
/// refuses.
Result<std::variant<Claim, Instance>> claim_port(const Paths& paths, const Wanted& wanted);

}  // namespace ccr::cli
