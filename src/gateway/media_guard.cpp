#include "gateway/media_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text_case.h"
#include "base/wildcard.h"
#include "config/http_url.h"

namespace ccr::gateway {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLongestUrl = 8192;

bool is_allowed(const config::HttpUrl& url, const std::vector<std::string>& hosts) {
    const std::string with_port = fmt::format("{}:{}", url.host, url.port);
    return std::ranges::any_of(hosts, [&](const std::string& pattern) {
        return matches_wildcard(pattern, url.host) || matches_wildcard(pattern, with_port);
    });
}

std::string origin_of(const config::HttpUrl& url) {
    const bool v6 = url.host.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}:{}", url.scheme, v6 ? "[" : "", url.host, v6 ? "]" : "",
                       url.port);
}

}  // namespace

std::string host_of(const std::string& url) {
    const auto parsed = config::parse_url(url);
    return parsed ? fmt::format("{}:{}", parsed->host, parsed->port) : "an address without a host";
}

Result<net::ClientRequest> media_request(const std::string& url, const config::Config& config) {
    const auto parsed = config::parse_url(url);
    if (!parsed || (parsed->scheme != "http" && parsed->scheme != "https"))
        return fail(ErrorKind::invalid_request, "it is no http or https URL");
    if (!parsed->user_info.empty())
        return fail(ErrorKind::invalid_request, "URLs with a password in them are not loaded");
    if (url.size() > kLongestUrl)
        return fail(ErrorKind::invalid_request, "its URL is longer than 8 KB");
    net::ClientRequest request;
    request.method = "GET";
    request.url = url;
    request.headers.add("accept", "image/*, application/pdf");
    request.headers.add("user-agent", "ccr/" CCR_VERSION);
    request.proxy = config.proxy;
    request.public_only = !is_allowed(*parsed, config.media_fetch.allowed_hosts);
    if (config.timeouts.connect) request.connect_time = *config.timeouts.connect;
    return request;
}

Result<std::string> redirect_target(const std::string& from, std::string_view location) {
    const auto base = config::parse_url(from);
    if (!base || location.empty())
        return fail(ErrorKind::invalid_request, "it was redirected to nowhere");
    std::string to(location.substr(0, location.find('#')));
    if (to.starts_with("//"))
        to = base->scheme + ":" + to;
    else if (to.starts_with('/'))
        to = origin_of(*base) + to;
    else if (to.find("://") == std::string::npos)
        to = origin_of(*base) + base->path.substr(0, base->path.rfind('/') + 1) + to;
    if (base->scheme == "https" && !lower_case(to).starts_with("https://"))
        return fail(ErrorKind::invalid_request, "it was redirected from https to something else");
    return to;
}

bool may_be_media(std::string_view content_type) {
    std::string type = lower_case(std::string(content_type.substr(0, content_type.find(';'))));
    while (type.ends_with(' ')) type.pop_back();
    return type.empty() || type.starts_with("image/") || type == "application/pdf" ||
           type == "application/octet-stream" || type == "binary/octet-stream";
}

std::optional<std::string_view> media_type_of_bytes(std::string_view bytes) {
    static constexpr auto kBeginnings =
        std::to_array<std::pair<std::string_view, std::string_view>>({
            {"\x89PNG\r\n\x1a\n"sv, "image/png"},
            {"\xff\xd8\xff"sv, "image/jpeg"},
            {"GIF87a"sv, "image/gif"},
            {"GIF89a"sv, "image/gif"},
            {"%PDF-"sv, "application/pdf"},
        });
    for (const auto& [beginning, type] : kBeginnings) {
        if (bytes.starts_with(beginning)) return type;
    }
    const bool webp =
        bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP";
    if (webp) return "image/webp";
    return std::nullopt;
}

}  // namespace ccr::gateway
