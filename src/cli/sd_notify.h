// What a service manager of Type=notify is told: the protocol of sd_notify(3), spoken directly.
// Without a manager (NOTIFY_SOCKET is unset) nothing happens. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace ccr::cli {

/// Lines such as "READY=1\nMAINPID=4711". A manager that does not listen is no reason to end.
void tell_manager(const std::string& socket, std::string_view lines);

/// NOTIFY_SOCKET of this process; "" = there is no manager.
std::string manager_socket();

}  // namespace ccr::cli
