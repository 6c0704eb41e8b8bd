// What libcurl's result codes mean for a person: kind, whose fault, and a message that names the
// endpoint, the cause and the next step. libcurl is loaded. No credential, path or query ever
// enters a message.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <string>

#include "base/error.h"

namespace ccr::net {

/// What is known about a transfer that failed.
struct Failure {
    CURLcode code = CURLE_OK;
    std::string endpoint;  // "host:port"
    std::string proxy;     // "host:port" of the proxy, empty when none was used
    std::string detail;    // libcurl's or the TLS library's own words
    std::chrono::milliseconds connect_time{0};
    long system_error = 0;  // errno of the failed call, 0 when unknown
    long proxy_status = 0;  // status of a proxy's answer to CONNECT, 0 when none
    long certificate_problem =
        0;                       // X509_V_ERR_* of a certificate that was not accepted, 0 when none
    bool connected = false;      // the request could be sent
    bool head_complete = false;  // the body was under way
};

Error error_of(const Failure& failure);

}  // namespace ccr::net
