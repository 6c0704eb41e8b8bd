// The request that turns Google credentials into an access token, and the reading of its answer
// (docs: "Using OAuth 2.0 for Server to Server Applications", Google Identity; RFC 7523, RFC 6749).
//
// Pure functions of their input and the time; any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "auth/google_credentials.h"
#include "net/headers.h"

namespace ccr::auth {

using WallTime = std::chrono::system_clock::time_point;

struct TokenRequest {
    std::string method, url, body;
    net::Headers headers;
};

struct TokenAnswer {
    int status = 0;
    net::Headers headers;
    std::string body;
};

struct AccessToken {
    std::string value;
    std::chrono::seconds lives{0};
};

/// Error: the private key cannot be read.
Result<TokenRequest> token_request(const GoogleCredentials& credentials, WallTime now);

/// Error: why Google refused, with the clock's part in it where it has one, and the next step.
Result<AccessToken> read_token_answer(const GoogleCredentials& credentials,
                                      const TokenAnswer& answer, WallTime now);

/// A signed assertion (RS256) of the service account, good for an hour.
Result<std::string> service_account_jwt(const GoogleCredentials& credentials, WallTime now);

}  // namespace ccr::auth
