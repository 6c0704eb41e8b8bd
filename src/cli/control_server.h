// The service's side of the control socket: GET /status, POST /stop, POST /reload, POST /handover,
// GET and DELETE /lessons, GET /sessions[/ID], POST /sessions/ID/cancel, GET /plugins, GET /home,
// POST /windows, for its own user only.
//
// Runs on the context that its server was given; `service` must outlive that server.
#pragma once

#include "cli/service.h"
#include "net/http_server.h"

namespace ccr::cli {

net::Handler control_handler(Service& service);
net::RefusalWriter control_refusal();

}  // namespace ccr::cli
