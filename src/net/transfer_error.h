// What goes wrong between ccr and an upstream, as errors for a person: kind, whose fault, and a
// message that names the endpoint ("host:port"), the cause and the next step. Whoever carries the
// transfer uses these words. Pure. No credential, path or query ever enters a message.
#pragma once

#include <chrono>
#include <string_view>

#include "base/error.h"

namespace ccr::net {

/// `why`: the system's words.
Error connect_failed(std::string_view endpoint, std::string_view why);
/// Our own shortage, and none of the upstream's fault.
Error out_of_sockets(std::string_view endpoint, std::string_view why);
Error connect_timed_out(std::string_view endpoint, std::chrono::milliseconds limit);
/// The answer ended early or is no HTTP.
Error answer_broken(std::string_view endpoint, std::string_view why, bool head_complete);
Error answer_overdue(std::string_view endpoint, bool head_complete);
Error head_too_large(std::string_view endpoint, std::size_t most_bytes);
Error coding_unreadable(std::string_view endpoint);
Error transfer_cancelled();
Error client_closed();

}  // namespace ccr::net
