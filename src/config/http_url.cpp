#include "config/http_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "config/node.h"

namespace ccr::config {
namespace {

bool is_scheme(std::string_view text) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    return !text.empty() && text[0] >= 'a' && text[0] <= 'z' && std::ranges::all_of(text, fits);
}

std::uint16_t default_port(std::string_view scheme) {
    if (scheme == "http") return 80;
    if (scheme == "https") return 443;
    return scheme.starts_with("socks") ? 1080 : 0;
}

bool read_port(std::string_view text, std::uint16_t& port) {
    if (text.empty()) return true;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    return failure == std::errc{} && end == text.data() + text.size();
}

// "host", "host:port" or "[v6]:port".
bool read_authority(std::string_view text, HttpUrl& url) {
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos) return false;
        url.host = lowered(text.substr(1, close - 1));
        text.remove_prefix(close + 1);
        if (text.empty()) return !url.host.empty();
        return text[0] == ':' && read_port(text.substr(1), url.port) && !url.host.empty();
    }
    const auto colon = text.find(':');
    url.host = lowered(text.substr(0, colon));
    if (url.host.ends_with('.')) url.host.pop_back();
    if (url.host.empty()) return false;
    return colon == std::string_view::npos || read_port(text.substr(colon + 1), url.port);
}

// Without brackets and without the prefix of an IPv4-mapped address.
std::string_view bare(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.starts_with("::ffff:")) host.remove_prefix(7);
    return host;
}

}  // namespace

std::optional<HttpUrl> parse_url(std::string_view text) {
    const auto separator = text.find("://");
    if (separator == std::string_view::npos) return std::nullopt;
    const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; };
    if (std::ranges::any_of(text, is_blank)) return std::nullopt;
    HttpUrl url;
    url.scheme = lowered(text.substr(0, separator));
    if (!is_scheme(url.scheme)) return std::nullopt;
    url.port = default_port(url.scheme);
    text.remove_prefix(separator + 3);
    text = text.substr(0, text.find('#'));
    if (const auto question = text.find('?'); question != std::string_view::npos) {
        url.query = text.substr(question + 1);
        text = text.substr(0, question);
    }
    std::string_view authority = text.substr(0, text.find('/'));
    url.path = text.substr(authority.size());
    if (const auto at_sign = authority.rfind('@'); at_sign != std::string_view::npos) {
        url.user_info = authority.substr(0, at_sign);
        authority.remove_prefix(at_sign + 1);
    }
    if (!read_authority(authority, url)) return std::nullopt;
    return url;
}

std::string shown(const HttpUrl& url) {
    const bool v6 = url.host.find(':') != std::string::npos;
    const std::string host = v6 ? "[" + url.host + "]" : url.host;
    const bool usual = url.port == default_port(url.scheme);
    return fmt::format("{}://{}{}{}", url.scheme, host, usual ? "" : fmt::format(":{}", url.port),
                       url.path);
}

bool is_loopback(std::string_view host) {
    const std::string name = lowered(host);
    const std::string_view h = bare(name);
    if (h == "localhost" || h.ends_with(".localhost") || h == "::1" || h == "0:0:0:0:0:0:0:1")
        return true;
    const auto is_v4_char = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    return h.starts_with("127.") && std::ranges::all_of(h, is_v4_char);
}

bool is_unspecified(std::string_view host) {
    const std::string name = lowered(host);
    const std::string_view h = bare(name);
    return h == "0.0.0.0" || h == "0" || h == "::" || h == "0:0:0:0:0:0:0:0";
}

}  // namespace ccr::config
