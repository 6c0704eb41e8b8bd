#include "cli/upstream_library.h"

#include <algorithm>

#include "net/http_client.h"

namespace ccr::cli {
namespace {

bool is_asked_with_it(const config::Provider& provider, const config::Config& config) {
    net::ClientRequest request;
    request.url = provider.base_url;
    request.proxy = provider.proxy.empty() ? config.proxy : provider.proxy;
    request.http2 = provider.http2;
    return net::needs_libcurl(request);
}

}  // namespace

bool needs_upstream_library(const config::Config& config) {
    return std::ranges::any_of(config.providers, [&](const config::Provider& provider) {
        if (provider.broken) return false;
        return is_asked_with_it(provider, config) ||
               std::ranges::any_of(provider.by_key, [&](const config::Provider& one) {
                   return is_asked_with_it(one, config);
               });
    });
}

Result<void> load_upstream_library(const config::Config& config) {
    if (!needs_upstream_library(config)) return {};
    return net::load_libcurl();
}

}  // namespace ccr::cli
