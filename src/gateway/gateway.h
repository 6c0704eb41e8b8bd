// Gateway: answers the clients' routes, from the check at the door to the last byte of the answer.
//
// One Gateway per process; its handler runs on every io_context it was given, each request on one
// of them. It must outlive the servers that use its handler. The configuration snapshot is taken
// once per request.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/project_routing.h"
#include "event/bus.h"
#include "gateway/memory.h"
#include "gateway/pace.h"
#include "gateway/stops.h"
#include "manifest/preset_configs.h"
#include "net/http_client.h"
#include "net/http_server.h"

namespace ccr::gateway {

struct GatewayOptions {
    /// The snapshot in force; called once per request, from any thread.
    std::function<config::ConfigPtr()> config;
    /// Where the embedded demo provider listens, "http://127.0.0.1:PORT"; used while the
    /// configuration has no providers.
    std::string demo_url;
    /// Port that clients reach us on (0 until bound); our own names are checked against it.
    std::function<std::uint16_t()> port;
    /// Routers of projects and sessions; nullptr = there are none. Must outlive the gateway.
    config::ProjectRoutings* projects = nullptr;
    /// Presets of the user's, served below `/preset/NAME`; nullptr = there are none. Must outlive
    /// the gateway.
    manifest::PresetConfigs* presets = nullptr;
    Pace pace;
    /// What outlives a request; nullptr = the gateway has one of its own, which ends with it.
    Memory* memory = nullptr;
    /// Through which requests under way are ended; nullptr = they are not. Must outlive the
    /// gateway.
    Stops* stops = nullptr;
    /// Hears of every request's milestones, on the requests' threads.
    event::Bus::Subscriber listener;
};

class Gateway {
  public:
    Gateway(std::vector<net::asio::io_context*> contexts, GatewayOptions options);
    ~Gateway();

    /// Serves every client route. Copies share the gateway.
    net::Handler handler();
    /// Bodies for what the server itself refuses, in the client's shape.
    net::RefusalWriter refusal_writer();
    /// Tells what is still to be told of requests that have ended. While no thread runs the
    /// contexts.
    void finish();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace ccr::gateway
