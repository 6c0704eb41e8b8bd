#include "gateway/authorization.h"

#include <fmt/format.h>

#include "auth/aws_credentials.h"
#include "auth/put_credential.h"
#include "base/redact.h"
#include "cloud/address.h"

namespace ccr::gateway {
namespace {

using config::Auth;
using net::Task;

constexpr std::chrono::seconds kTokenTime{20};
constexpr std::size_t kTokenLimit = 1u << 20;

}  // namespace

std::string_view key_for_codec(const config::Provider& provider) {
    return provider.auth ? std::string_view() : std::string_view(provider.api_key);
}

Authorization::Authorization(auth::GoogleTokens& tokens, const config::Provider& provider,
                             const wire::Target& target, std::string proxy)
    : tokens_(tokens),
      provider_(provider),
      model_(target.model),
      proxy_(std::move(proxy)),
      stream_(target.stream) {}

Task<Result<void>> Authorization::complete(net::ClientRequest& request) {
    if (provider_.auth == Auth::google) co_return co_await with_google_token(request);
    CO_TRY_DO(set_address(request, ""));
    if (provider_.auth == Auth::sigv4) co_return with_signature(request);
    if (provider_.auth)
        auth::put_credential(*provider_.auth, provider_.api_key, request.url, request.headers);
    co_return Result<void>();
}

Task<Result<void>> Authorization::with_google_token(net::ClientRequest& request) {
    CO_TRY(auth::GoogleCredentials credentials, auth::google_credentials(provider_.vertex));
    CO_TRY_DO(set_address(request, credentials.project));
    auto token = co_await tokens_.token(credentials, proxy_);
    if (!token) {
        Error error = std::move(token).error();
        error.message = fmt::format("Provider {}: {}", provider_.name, error.message);
        co_return std::unexpected(std::move(error));
    }
    token_ = *std::move(token);
    auth::put_credential(Auth::bearer, token_, request.url, request.headers);
    // A user's requests are counted for a project of theirs, not for gcloud's own.
    if (!credentials.quota_project.empty())
        request.headers.set("x-goog-user-project", credentials.quota_project);
    credentials_ = std::make_unique<auth::GoogleCredentials>(std::move(credentials));
    co_return Result<void>();
}

Result<void> Authorization::with_signature(net::ClientRequest& request) const {
    TRY(const auth::AwsCredentials credentials, auth::aws_credentials(provider_.aws));
    // AWS repeats the signed headers to whom it refuses, the session's token among them.
    redact::add_presented(credentials.session_token);
    redact::add_presented(credentials.secret_access_key);
    const auth::AwsScope scope{provider_.aws.region, "bedrock", std::chrono::system_clock::now()};
    auth::put_credential(Auth::none, "", request.url, request.headers);
    auth::sign_v4(request.url, request.body.text(), credentials, scope, request.headers);
    return {};
}

Result<void> Authorization::set_address(net::ClientRequest& request,
                                        std::string_view project) const {
    const cloud::Call call{model_, stream_, project};
    TRY(request.url, cloud::address(provider_, call, std::move(request.url)));
    return {};
}

bool Authorization::renew() {
    if (!credentials_ || renewed_) return false;
    renewed_ = true;
    tokens_.refuse(*credentials_, token_);
    return true;
}

Task<Result<auth::TokenAnswer>> fetch_token(net::HttpClient& client, auth::TokenRequest wanted,
                                            std::string proxy) {
    net::ClientRequest request;
    request.method = std::move(wanted.method);
    request.url = std::move(wanted.url);
    request.headers = std::move(wanted.headers);
    request.body = wanted.body;
    request.proxy = std::move(proxy);
    const net::Deadline deadline = net::Clock::now() + kTokenTime;
    const auto response = client.start(request);
    auth::TokenAnswer answer;
    CO_TRY(answer.status, co_await response->status(deadline));
    answer.headers = response->headers();
    while (answer.body.size() < kTokenLimit) {
        CO_TRY(const std::string_view bytes, co_await response->next(deadline));
        if (bytes.empty()) break;
        answer.body += bytes;
    }
    co_return answer;
}

}  // namespace ccr::gateway
