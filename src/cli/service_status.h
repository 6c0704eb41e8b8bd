// ServiceStatus: what a running service says about itself on its control socket, and its JSON form.
//
// Plain values. Both sides use this file, so the service and the commands cannot disagree on a
// name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "config/config.h"

namespace ccr::cli {

struct ProviderStatus {
    std::string name;
    std::string wire;  // "anthropic", "chat", ...
    std::size_t models = 0;
    std::string broken;  // why it cannot be used; "" = it can
};

struct ServiceStatus {
    std::string instance;  // random 128-bit id in hex, new at every start
    std::string state;     // "ready" or "stopping"
    std::int64_t pid = 0;
    std::string version;
    std::string host;
    std::uint16_t port = 0;             // bound
    std::uint16_t configured_port = 0;  // as asked for; 0 = any
    bool port_is_explicit = false;      // from --port or SERVICE_PORT, not from the file
    std::string endpoint;               // "http://127.0.0.1:3456"
    std::int64_t started_at = 0;        // epoch milliseconds
    std::string config_file;
    std::string config_error;  // the file as it is now cannot be read; the old one is in force
    std::vector<std::string> needs_restart;  // keys whose change waits for a restart
    bool demo = false;
    std::string default_model;  // "provider,model", "" = none
    std::string unix_socket;    // listened on as well; "" = none
    std::string tls;            // "0.0.0.0:3443", listened on as well; "" = none
    std::string before;         // how the service before this one ended, if not by itself
    bool hands_over = false;    // a successor can take its sockets
    std::vector<ProviderStatus> providers;
    std::vector<config::Finding> findings;
    std::size_t active_requests = 0;
    std::int64_t drain_ms = 10'000;  // how long those may go on once the end is asked for
};

std::string to_json(const ServiceStatus& status);
/// Unknown members are ignored and missing ones keep their defaults. Error: upstream_protocol.
Result<ServiceStatus> parse_status(std::string_view json);

/// Fills what follows from the configuration in force.
void describe_config(const config::Config& config, ServiceStatus& status);

/// Where clients of this machine reach a service bound to `host`: loopback unless it listens
/// elsewhere.
std::string endpoint_of(const std::string& host, std::uint16_t port);
/// ServiceStatus::tls.
std::string tls_endpoint(const config::Listen& listen);

}  // namespace ccr::cli
