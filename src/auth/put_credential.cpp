#include "auth/put_credential.h"

#include "base/percent.h"

namespace ccr::auth {
namespace {

using config::Auth;

// Tokens of Anthropic accounts are taken only with this beta (what Claude Code itself sends).
constexpr std::string_view kOauthBeta = "oauth-2025-04-20";

void add_query_key(std::string_view key, std::string& url) {
    url += url.find('?') == std::string::npos ? '?' : '&';
    url += "key=" + percent_encode(key);
}

void add_beta(std::string_view beta, net::Headers& headers) {
    for (const auto& [name, value] : headers) {
        if (net::iequals(name, "anthropic-beta") && value.find(beta) != std::string::npos) return;
    }
    headers.add("anthropic-beta", std::string(beta));
}

}  // namespace

void put_credential(Auth kind, std::string_view key, std::string& url, net::Headers& headers) {
    for (const std::string_view name : {"authorization", "x-api-key", "x-goog-api-key", "api-key"})
        headers.remove(name);
    if (key.empty()) return;
    switch (kind) {
        case Auth::oauth:
            add_beta(kOauthBeta, headers);
            [[fallthrough]];
        case Auth::bearer:
        case Auth::google:
            headers.add("authorization", "Bearer " + std::string(key));
            break;
        case Auth::x_api_key:
            headers.add("x-api-key", std::string(key));
            break;
        case Auth::api_key:
            headers.add("api-key", std::string(key));
            break;
        case Auth::query_key:
            add_query_key(key, url);
            break;
        case Auth::none:
        case Auth::sigv4:
            break;
    }
}

}  // namespace ccr::auth
