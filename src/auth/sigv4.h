// AWS Signature Version 4 ("Create a signed AWS API request", AWS IAM User Guide), signature in the
// Authorization header.
//
// Pure functions of their arguments; any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "net/headers.h"

namespace ccr::auth {

struct AwsCredentials {
    std::string access_key_id, secret_access_key;
    std::string session_token;  // "" for keys that do not expire
};

struct AwsScope {
    std::string_view region, service;
    std::chrono::system_clock::time_point time;
};

/// What is signed. The path is taken as it goes over the wire, so an id that was percent-encoded
/// into it is encoded twice in the canonical request, as every service but S3 wants.
struct AwsRequest {
    std::string_view method;
    std::string_view url;  // absolute
    net::Headers headers;  // exactly those to be signed, host and x-amz-date among them
    std::string_view body;
};

/// The text that is hashed and signed: for tests, and for comparing with what AWS echoes.
std::string canonical_request(const AwsRequest& request);

/// The value of the Authorization header.
std::string authorization_v4(const AwsRequest& request, const AwsCredentials& credentials,
                             const AwsScope& scope);

/// "20150830T123600Z".
std::string amz_date(std::chrono::system_clock::time_point time);

/// Adds x-amz-date, x-amz-security-token and authorization to the headers of a POST. Signed are the
/// host, the content type and the x-amz-* fields; proxies may touch the others.
void sign_v4(std::string_view url, std::string_view body, const AwsCredentials& credentials,
             const AwsScope& scope, net::Headers& headers);

}  // namespace ccr::auth
