#include <fmt/format.h>

#include "json/writer.h"
#include "wire/gemini/client_side.h"
#include "wire/gemini/status_names.h"

namespace ccr::wire::gemini {

// Google's clients read RetryInfo; RequestInfo is where a request's id belongs
// (google/rpc/error_details.proto).
std::string encode_error(const Error& error, std::string_view request_id) {
    std::string out;
    json::Writer w(out);
    w.open_object().key("error").open_object();
    const int status = googles_status(error.status);
    w.member("code", std::int64_t{status}).member("message", std::string_view(error.message));
    w.member("status", status_name(status));
    if (error.retry_after || !request_id.empty()) {
        w.key("details").open_array();
        if (error.retry_after) {
            w.open_object().member("@type", "type.googleapis.com/google.rpc.RetryInfo");
            w.member("retryDelay", fmt::format("{}s", error.retry_after->count())).close_object();
        }
        if (!request_id.empty()) {
            w.open_object().member("@type", "type.googleapis.com/google.rpc.RequestInfo");
            w.member("requestId", request_id).close_object();
        }
        w.close_array();
    }
    w.close_object().close_object();
    return out;
}

}  // namespace ccr::wire::gemini
