#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/http_url.h"
#include "config/known_keys.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

constexpr std::chrono::milliseconds kConnect{10'000};
constexpr int kMostRetries = 2;
constexpr std::chrono::milliseconds kFirstPause{500};
constexpr std::chrono::milliseconds kLongestPause{5'000};
// Beyond these, waiting is the client's: it learns the time from us.
constexpr double kMostRetriesAllowed = 20;
constexpr std::chrono::milliseconds kLongestPauseAllowed{60'000};

// The first of the reference's spellings that holds something.
std::pair<std::string_view, Node> proxy_setting(const Node& root) {
    for (const std::string_view name : {"HTTPS_PROXY", "https_proxy", "httpsProxy", "PROXY_URL"}) {
        const Node node = root[name];
        if (!node.is_blank()) return {name, node};
    }
    return {"PROXY_URL", Node()};
}

bool is_proxy_scheme(std::string_view scheme) {
    constexpr std::array<std::string_view, 6> kSchemes{"http",    "https",  "socks5",
                                                       "socks5h", "socks4", "socks4a"};
    return std::ranges::find(kSchemes, scheme) != kSchemes.end();
}

}  // namespace

Timeouts read_timeouts(const Reading& reading, const Node& node) {
    Timeouts out;
    if (!node || node.is_null()) return out;
    if (!node.is_object()) {
        reading.report.warn(
            "wrong-type", node.place(),
            fmt::format("timeouts should be an object such as {{idle_ms: 60000}} but is {}; it is "
                        "ignored",
                        node.kind()));
        return out;
    }
    check_names(node, kTimeoutSection, reading.report);
    out.connect = milliseconds_of(reading, node["connect_ms"], "connect_ms");
    out.first_event = milliseconds_of(reading, node["first_event_ms"], "first_event_ms");
    out.idle = milliseconds_of(reading, node["idle_ms"], "idle_ms");
    out.total = milliseconds_of(reading, node["total_ms"], "total_ms");
    out.slowest = number_of(reading, node["min_chars_per_s"], "min_chars_per_s");
    return out;
}

RetrySettings read_retry(const Reading& reading, const Node& node) {
    RetrySettings out;
    if (!node || node.is_null()) return out;
    if (!node.is_object()) {
        reading.report.warn(
            "wrong-type", node.place(),
            fmt::format("retry should be an object such as {{max: 2}} but is {}; it is ignored",
                        node.kind()));
        return out;
    }
    check_names(node, kRetrySection, reading.report);
    if (const auto most = number_of(reading, node["max"], "retry.max"))
        out.most = *most > 0 ? static_cast<int>(std::min(*most, kMostRetriesAllowed)) : 0;
    out.base = milliseconds_of(reading, node["base_ms"], "base_ms");
    out.cap = milliseconds_of(reading, node["cap_ms"], "cap_ms");
    if (out.cap) out.cap = std::min(*out.cap, kLongestPauseAllowed);
    return out;
}

std::string read_proxy(const Reading& reading, const Node& node, std::string_view name,
                       const Listen& own) {
    if (node.is_blank()) return "";
    const std::string text(trimmed(text_of(reading, node, name).value_or("")));
    if (text.empty()) return "";
    if (!node.unresolved().empty()) return "";  // reported with the other variables
    // curl's habit: a proxy without a scheme is an HTTP proxy.
    const std::string complete = text.find("://") == std::string::npos ? "http://" + text : text;
    const auto url = parse_url(complete);
    if (!url || !is_proxy_scheme(url->scheme)) {
        reading.report.warn(
            "invalid-value", node.place(),
            fmt::format("{} is no proxy URL and is ignored; write http://host:port or "
                        "socks5://host:port",
                        name));
        return "";
    }
    if (leads_back(url->host, url->port, own)) {
        reading.report.error(
            "self-proxy", node.place(),
            fmt::format("{} is the address of ccr itself, requests would run in a circle; it is "
                        "ignored, set the proxy of your network or remove it",
                        name));
        return "";
    }
    return complete;
}

void read_upstream(const Reading& reading, Config& config) {
    const Node timeout = reading.root["API_TIMEOUT_MS"];
    std::chrono::milliseconds patience{600'000};
    if (const auto set = milliseconds_of(reading, timeout, "API_TIMEOUT_MS")) patience = *set;
    config.launch.api_timeout_ms = std::to_string(patience.count());
    config.timeouts = read_timeouts(reading, reading.root["timeouts"]);
    if (!config.timeouts.connect) config.timeouts.connect = kConnect;
    if (!config.timeouts.first_event) config.timeouts.first_event = patience;
    if (!config.timeouts.idle) config.timeouts.idle = patience;
    config.retry = read_retry(reading, reading.root["retry"]);
    if (!config.retry.most) config.retry.most = kMostRetries;
    if (!config.retry.base) config.retry.base = kFirstPause;
    if (!config.retry.cap) config.retry.cap = kLongestPause;
    config.continue_midstream =
        flag_of(reading, reading.root["continue_midstream"], "continue_midstream").value_or(false);
    const auto [name, proxy] = proxy_setting(reading.root);
    config.proxy = read_proxy(reading, proxy, name, config.listen);
}

}  // namespace ccr::config
