// The kind of credential that a provider takes.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "config/http_url.h"
#include "config/known_keys.h"
#include "config/loader.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

std::optional<Auth> configured_auth(const Reading& reading, const Node& entry,
                                    const Provider& provider) {
    const Node node = entry.any_of({"auth"});
    if (node.is_blank()) return std::nullopt;
    const auto text = node.text();
    if (const auto auth = text ? auth_of(*text) : std::nullopt) return auth;
    reading.report.warn("invalid-value", node.place(),
                        fmt::format("auth of provider {} should be one of bearer, x-api-key, "
                                    "query-key, api-key, oauth, sigv4, google, none; it is ignored",
                                    provider.name));
    return std::nullopt;
}

// A Bedrock API key is a bearer token ("Use an Amazon Bedrock API key"); without one requests are
// signed.
Auth bedrock_auth(const Reading& reading, bool has_key, Provider& provider) {
    if (has_key) return Auth::bearer;
    if (!provider.aws.access_key_id.empty()) return Auth::sigv4;
    provider.api_key = reading.environment("AWS_BEARER_TOKEN_BEDROCK").value_or("");
    return provider.api_key.empty() ? Auth::sigv4 : Auth::bearer;
}

std::optional<Auth> platform_auth(const Reading& reading, const Node& entry, Provider& provider) {
    const bool has_key = !entry.any_of({"apikey", "key"}).is_blank();
    switch (provider.platform) {
        case Platform::vertex:
            // The reference asks every provider for a key and ignores that of a Vertex one. Without
            // its transformer a key is a token for Google's chat endpoint.
            if (has_key && !uses_transformer(provider, "vertex-") &&
                !entry.any_of({"vertex"}).is_object())
                return std::nullopt;
            return Auth::google;
        case Platform::bedrock:
            return bedrock_auth(reading, has_key, provider);
        case Platform::azure:
            if (provider.speaks == Protocol::anthropic) return std::nullopt;
            return Auth::api_key;
        case Platform::direct:
            break;
    }
    return std::nullopt;
}

// The one option of the reference's Anthropic transformer.
bool uses_bearer(const Provider& provider) {
    return std::ranges::any_of(provider.use, [](const TransformerUse& use) {
        return use.name == "Anthropic" &&
               folded(use.options).find("\"usebearer\":true") != std::string::npos;
    });
}

// A server of one's own takes a key where one is configured and needs none. (On this machine the
// key is a finding of its own.)
std::optional<Auth> preset_auth(const Node& entry, const Provider& provider) {
    const auto url = parse_url(provider.base_url);
    const bool elsewhere = url && !is_loopback(url->host);
    const bool no_key = entry.any_of({"apikey", "key"}).is_blank();
    if (provider.preset->keyless && no_key && elsewhere) return Auth::none;
    return provider.preset->auth;
}

}  // namespace

void read_auth(const Reading& reading, const Node& entry, Provider& provider) {
    provider.auth = configured_auth(reading, entry, provider);
    if (!provider.auth) provider.auth = platform_auth(reading, entry, provider);
    if (!provider.auth && uses_bearer(provider)) provider.auth = Auth::bearer;
    if (!provider.auth && provider.preset) provider.auth = preset_auth(entry, provider);
}

bool needs_key(const Provider& provider) {
    return provider.auth != Auth::none && provider.auth != Auth::sigv4 &&
           provider.auth != Auth::google;
}

}  // namespace ccr::config
