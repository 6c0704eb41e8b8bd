// GoogleTokens: access tokens by credential, fetched once for however many requests wait, renewed
// before they end.
//
// One per io_context, used on its thread only; must outlive the tasks it gave. The network is
// handed in as a function.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "auth/google_grant.h"
#include "net/async.h"

namespace ccr::auth {

class GoogleTokens {
  public:
    /// Sends a request and reads the whole answer. `proxy` as in net::ClientRequest.
    using Fetch =
        std::function<net::Task<Result<TokenAnswer>>(TokenRequest request, std::string proxy)>;
    using Now = std::function<WallTime()>;

    GoogleTokens(net::asio::io_context& context, Fetch fetch,
                 Now now = std::chrono::system_clock::now);
    ~GoogleTokens();

    /// A token that is good for a while. One fetch serves all who ask meanwhile; it goes on when
    /// they leave.
    net::Task<Result<std::string>> token(GoogleCredentials credentials, std::string proxy);

    /// The provider did not accept `token`: the next asker gets another.
    void refuse(const GoogleCredentials& credentials, std::string_view token);

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace ccr::auth
