// The commands' side of the control socket: one small blocking HTTP request to a running service.
//
// Any thread. Nobody there, or nothing that answers in time, is an error at once, never a hang.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/socket_calls.h"

namespace ccr::cli {

struct ControlAnswer {
    int status = 0;
    std::string body;
    std::vector<net::Descriptor> descriptors = {};  // that came along
};

/// `method` and `path` over the unix socket at `socket`. Errors: upstream_unreachable (nobody
/// listens), upstream_timeout, upstream_protocol (no HTTP answer, or the peer belongs to another
/// user).
Result<ControlAnswer> ask_service(const std::string& socket, std::string_view method,
                                  std::string_view path,
                                  std::chrono::milliseconds time = std::chrono::seconds(2));

/// The status and body of a complete answer whose connection has ended. Error: upstream_protocol.
Result<ControlAnswer> parse_control_answer(std::string_view bytes);

}  // namespace ccr::cli
