// The service as `ccr doctor` sees it: what was gathered of it, and what that comes to.
//
// gather_service() asks the system and running services; examine_service() is pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/instances.h"
#include "cli/port_owner.h"
#include "cli/surroundings.h"
#include "doctor/finding.h"

namespace ccr::cli {

struct ServiceFacts {
    std::optional<Instance> running;        // the one that is meant
    std::vector<std::string> broken;        // providers that it cannot use and this command could
    std::vector<std::string> usable_there;  // that it can use
    std::string version;                    // of this command
    std::string config_file;
    bool is_awaited = false;            // clients are led to it
    std::optional<std::uint16_t> port;  // absent: the configuration cannot be read
    // When none runs:
    std::optional<PortOwner> owner;  // of its port
    std::uint16_t free_port = 0;     // near it
    std::string lock;                // its file
    bool lock_is_held = false;
    int holder = 0;           // who wrote into it last
    std::string left_behind;  // what; "" = it ended as it should
    std::string pid_file;
    int pid = 0;  // that stands there, and does not run
};

ServiceFacts gather_service(const Surroundings& here, const Result<config::Config>& config,
                            bool is_awaited);
doctor::Findings examine_service(const ServiceFacts& facts);

}  // namespace ccr::cli
