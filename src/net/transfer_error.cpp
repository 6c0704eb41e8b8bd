#include "net/transfer_error.h"

#include <fmt/format.h>

namespace ccr::net {

Error connect_failed(std::string_view endpoint, std::string_view why) {
    return make_error(
        ErrorKind::upstream_unreachable,
        fmt::format("Cannot connect to {}: {}. Check that the server is running and that host "
                    "and port of the base URL are right.",
                    endpoint, why));
}

Error out_of_sockets(std::string_view endpoint, std::string_view why) {
    return make_error(ErrorKind::internal,
                      fmt::format("No socket for a connection to {}: {}. Raise the limit of open "
                                  "files (ulimit -n), or have fewer requests at once.",
                                  endpoint, why));
}

Error connect_timed_out(std::string_view endpoint, std::chrono::milliseconds limit) {
    return make_error(ErrorKind::upstream_timeout,
                      fmt::format("No connection to {} within {} ms. Check the network, or raise "
                                  "the connect time-out.",
                                  endpoint, limit.count()));
}

Error answer_broken(std::string_view endpoint, std::string_view why, bool head_complete) {
    if (head_complete) {
        return make_error(
            ErrorKind::upstream_protocol,
            fmt::format("{} broke off its answer: {}. Try again; if it stays so, check the "
                        "upstream's log.",
                        endpoint, why));
    }
    return make_error(
        ErrorKind::upstream_protocol,
        fmt::format("{} gave no valid HTTP answer: {}. Check that the base URL's scheme and "
                    "port are right.",
                    endpoint, why));
}

Error answer_overdue(std::string_view endpoint, bool head_complete) {
    const char* what = head_complete ? "sent nothing more of its answer" : "gave no answer";
    return make_error(
        ErrorKind::upstream_timeout,
        fmt::format("{} {} in time. Try again, or raise the time-outs.", endpoint, what));
}

Error coding_unreadable(std::string_view endpoint) {
    return make_error(ErrorKind::upstream_protocol,
                      fmt::format("{} sent its answer in a compression that cannot be read, "
                                  "although none was asked for.",
                                  endpoint));
}

Error head_too_large(std::string_view endpoint, std::size_t most_bytes) {
    return make_error(ErrorKind::upstream_protocol,
                      fmt::format("The head of the answer of {} is larger than {} KB. Check that "
                                  "the base URL is right.",
                                  endpoint, most_bytes / 1024));
}

Error transfer_cancelled() {
    return make_error(ErrorKind::client_gone, "The transfer was cancelled.");
}

Error client_closed() {
    return make_error(ErrorKind::client_gone, "The HTTP client was closed.");
}

}  // namespace ccr::net
