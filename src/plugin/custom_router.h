// The user's custom router (CUSTOM_ROUTER_PATH): one question, one answer.
//
// The io_context's thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/link.h"
#include "plugin/request_view.h"

namespace ccr::plugin {

/// What the script sees as `req`. Views; they must live while it is asked.
struct RouterQuestion {
    RequestView request;
    std::string_view body;  // in the shape of Messages
};

struct RouterAnswer {
    std::string choice;  // "" = nothing
    std::vector<std::string> reasons;
};

/// Error (config): there is no host.
Result<std::unique_ptr<HostCall>> ask_router(Link& link, const config::Config& config,
                                             const RouterQuestion& question);

/// Error (config): it failed, or took longer than scripts.router_ms; client_gone after abort().
net::Task<Result<RouterAnswer>> router_answer(HostCall& call, std::chrono::milliseconds time);

}  // namespace ccr::plugin
