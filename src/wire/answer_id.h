// The id of an answer whose upstream gave none, made of the request's own: unique as that is.
#pragma once

#include <string>
#include <string_view>

namespace ccr::wire {

/// `prefix` is the protocol's for answers ("msg_", "chatcmpl-"); it takes the place of "req_".
inline std::string answer_id(std::string_view prefix, std::string_view request_id) {
    constexpr std::string_view kOfRequests = "req_";
    if (request_id.starts_with(kOfRequests)) request_id.remove_prefix(kOfRequests.size());
    return std::string(prefix).append(request_id);
}

}  // namespace ccr::wire
