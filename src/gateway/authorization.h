// Authorization: gives one request its address on the provider's platform and its credential,
// fetching a token where the kind wants one.
//
// One attempt; its provider must outlive it.
#pragma once

#include <memory>
#include <string>

#include "auth/google_tokens.h"
#include "config/config.h"
#include "net/http_client.h"
#include "wire/codec.h"

namespace ccr::gateway {

class Authorization {
  public:
    Authorization(auth::GoogleTokens& tokens, const config::Provider& provider,
                  const wire::Target& target, std::string proxy);

    /// Completes `request`, whose body is final. Error: a setting or a credential is missing, or
    /// Google gave no token.
    net::Task<Result<void>> complete(net::ClientRequest& request);

    /// After the provider's 401: whether complete() will bring another credential. Once.
    bool renew();

  private:
    net::Task<Result<void>> with_google_token(net::ClientRequest& request);
    Result<void> with_signature(net::ClientRequest& request) const;
    Result<void> set_address(net::ClientRequest& request, std::string_view project) const;

    auth::GoogleTokens& tokens_;
    const config::Provider& provider_;
    std::string model_, proxy_;
    bool stream_;
    std::unique_ptr<auth::GoogleCredentials> credentials_;  // of the token last used
    std::string token_;
    bool renewed_ = false;
};

/// What the provider's codec may know of the key: nothing where its kind is put in afterwards.
std::string_view key_for_codec(const config::Provider& provider);

/// Sends a request for a token and reads the answer, for auth::GoogleTokens. `client` must outlive
/// the task.
net::Task<Result<auth::TokenAnswer>> fetch_token(net::HttpClient& client,
                                                 auth::TokenRequest request, std::string proxy);

}  // namespace ccr::gateway
