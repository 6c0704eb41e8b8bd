// `config` of a webhook: where records are sent, and with which credentials.
#include <fmt/format.h>

#include <algorithm>

#include "base/base64.h"
#include "base/redact.h"
#include "config/http_url.h"
#include "config/known_keys.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

std::optional<std::string> read_url(const Reading& reading, const Node& handler) {
    const Node node = handler["url"];
    const auto text = text_of(reading, node, "url");
    const Place place = node ? node.place() : handler.place();
    if (!text || trimmed(*text).empty()) {
        reading.report.warn("missing-url", place,
                            "a webhook needs a url, such as \"https://host/path\"; this handler "
                            "is left out");
        return std::nullopt;
    }
    const auto url = parse_url(trimmed(*text));
    if (url && (url->scheme == "http" || url->scheme == "https") && node.unresolved().empty())
        return std::string(trimmed(*text));
    if (node.unresolved().empty())
        reading.report.warn("invalid-value", place,
                            "the url of a webhook should begin with http:// or https:// and a "
                            "host; this handler is left out");
    return std::nullopt;  // variables are told of with all others
}

// What would end a line of the request and begin another.
bool is_header_text(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) == text.npos;
}

void add_header(const Reading& reading, const Node& place, std::string name, std::string value,
                WebhookOutput& out) {
    constexpr std::string_view kToken =
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const bool is_name = !name.empty() && name.find_first_not_of(kToken) == name.npos;
    if (is_name && is_header_text(value)) {
        out.headers.emplace_back(std::move(name), std::move(value));
        return;
    }
    reading.report.warn("invalid-value", place.place(),
                        "a header of a webhook is no name and value that HTTP can carry; it is "
                        "left out");
}

void read_headers(const Reading& reading, const Node& node, WebhookOutput& out) {
    if (node.is_blank()) return;
    if (!node.is_object()) {
        reading.report.warn("wrong-type", node.place(),
                            fmt::format("headers of a webhook should be an object such as "
                                        "{{\"x-team\": \"a\"}} but is {}; it is ignored",
                                        node.kind()));
        return;
    }
    for (const auto& [name, value] : node.members()) {
        if (const auto text = value.scalar_text()) add_header(reading, value, name, *text, out);
    }
}

void read_auth(const Reading& reading, const Node& node, WebhookOutput& out) {
    if (node.is_blank()) return;
    check_names(node, kWebhookAuthSection, reading.report);
    const std::string type = node["type"].text().value_or("");
    const auto text = [&](std::string_view name) {
        return text_of(reading, node[name], name).value_or("");
    };
    if (type == "bearer")
        return add_header(reading, node, "authorization", "Bearer " + text("token"), out);
    if (type == "basic") {
        const std::string pair = fmt::format("{}:{}", text("username"), text("password"));
        return add_header(reading, node, "authorization", "Basic " + base64_encode(pair), out);
    }
    if (type == "custom") return add_header(reading, node, text("header"), text("value"), out);
    reading.report.warn("invalid-value", node.place(),
                        "auth of a webhook should be {type: \"bearer\", token}, {type: \"basic\", "
                        "username, password} or {type: \"custom\", header, value}; it is ignored");
}

void read_tries(const Reading& reading, const Node& node, WebhookOutput& out) {
    constexpr double kMost = 20;
    check_names(node, kWebhookRetrySection, reading.report);
    if (const auto pause = milliseconds_of(reading, node["backoffMs"], "backoffMs"))
        out.pause = *pause;
    const auto most = number_of(reading, node["maxAttempts"], "maxAttempts");
    if (!most) return;
    out.attempts = static_cast<int>(std::clamp(*most, 1.0, kMost));
    if (*most != out.attempts)
        reading.report.warn("invalid-value", node["maxAttempts"].place(),
                            fmt::format("maxAttempts should be a whole number from 1 to {:.0f}; "
                                        "{} is used",
                                        kMost, out.attempts));
}

void read_method(const Reading& reading, const Node& node, WebhookOutput& out) {
    const auto text = text_of(reading, node, "method");
    if (!text) return;
    const Words known = words_of(kWebhookSection, "method");
    const auto found = std::ranges::find(known, lowered(*text), lowered);
    if (found != known.end()) {
        out.method = *found;
        return;
    }
    reading.report.warn("invalid-value", node.place(),
                        "the method of a webhook should be POST, PUT or PATCH; POST is used");
}

}  // namespace

std::optional<WebhookOutput> read_webhook(const Reading& reading, const Node& node) {
    check_names(node, kWebhookSection, reading.report);
    const auto url = read_url(reading, node);
    if (!url) return std::nullopt;
    WebhookOutput out;
    out.url = *url;
    read_method(reading, node["method"], out);
    read_headers(reading, node["headers"], out);
    read_auth(reading, node["auth"], out);
    read_tries(reading, node["retry"], out);
    out.silent = flag_of(reading, node["silent"], "silent").value_or(false);
    return out;
}

std::vector<std::string> webhook_secrets(const Config& config) {
    std::vector<std::string> out;
    for (const SpeedOutput& output : config.token_speed.outputs) {
        const auto* webhook = std::get_if<WebhookOutput>(&output.to);
        if (!webhook) continue;
        for (const auto& [name, value] : webhook->headers) {
            if (!redact::is_secret_header(name)) continue;
            const std::size_t blank = value.find(' ');  // behind the scheme
            out.push_back(blank == value.npos ? value : value.substr(blank + 1));
        }
    }
    return out;
}

}  // namespace ccr::config
