#include "net/client_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "net/request_lines.h"

namespace ccr::net {

bool is_set_by_client(std::string_view name) {
    static constexpr std::array<std::string_view, 4> kOurs = {
        "expect", "accept-encoding", "content-length", "transfer-encoding"};
    return std::any_of(kOurs.begin(), kOurs.end(), [&](auto ours) { return iequals(ours, name); });
}

Result<void> check_request(const ClientRequest& request, std::string_view endpoint) {
    if (!is_token(request.method)) {
        return fail(ErrorKind::config,
                    fmt::format("The method of a request to {} is not valid.", endpoint));
    }
    for (const auto& [name, value] : request.headers) {
        if (is_set_by_client(name)) continue;
        if (is_token(name) &&
            value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos)
            continue;
        return fail(
            ErrorKind::config,
            fmt::format("A header for {} cannot be sent: its name is not a token, or its value "
                        "holds a line end. Check the configured headers.",
                        endpoint));
    }
    return {};
}

bool has_body(const ClientRequest& request) {
    return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
           request.method == "PATCH";
}

}  // namespace ccr::net
