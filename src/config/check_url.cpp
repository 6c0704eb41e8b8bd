#include <fmt/format.h>

#include <algorithm>

#include "config/http_url.h"
#include "config/reading.h"
#include "config/transformer_names.h"

namespace ccr::config {
namespace {

void break_with(Provider& provider, Finding finding) {
    if (!provider.broken) provider.broken = std::move(finding);
}

std::string_view without_tail(std::string_view path) {
    while (path.ends_with('/')) path.remove_suffix(1);
    return path;
}

std::optional<Protocol> wire_of_path(std::string_view path) {
    if (path.find(":generateContent") != path.npos ||
        path.find(":streamGenerateContent") != path.npos) {
        return Protocol::gemini;
    }
    path = without_tail(path);
    if (path.ends_with("/chat/completions")) return Protocol::openai_chat;
    if (path.ends_with("/messages")) return Protocol::anthropic;
    if (path.ends_with("/responses")) return Protocol::openai_responses;
    if (path.ends_with("/models")) return Protocol::gemini;
    return std::nullopt;
}

std::optional<Protocol> wire_of_url(std::string_view url) {
    return wire_of_path(url.substr(0, url.find_first_of("?#")));
}

struct WireChoice {
    Protocol speaks;
    bool makes_url = false;
    const TransformerUse* by = nullptr;
};

WireChoice wire_of(const Provider& provider) {
    const auto by_platform = platform_wire(provider);
    WireChoice choice{
        wire_of_url(provider.base_url).value_or(by_platform.value_or(Protocol::openai_chat))};
    for (const TransformerUse& use : provider.use) {
        const TransformerName* known = use.is_script ? nullptr : find_transformer(use.name);
        if (known == nullptr) continue;
        choice.makes_url = choice.makes_url || known->makes_url;
        if (known->wire && choice.by == nullptr) {
            choice.speaks = *known->wire;
            choice.by = &use;
        }
    }
    return choice;
}

std::string_view endpoint_of(Protocol wire) {
    switch (wire) {
        case Protocol::anthropic:
            return "/messages";
        case Protocol::openai_responses:
            return "/responses";
        case Protocol::gemini:
            return "/models/";
        case Protocol::openai_chat:
            break;
    }
    return "/chat/completions";
}

void check_endpoint(const Reading& reading, const Node& node, const HttpUrl& url,
                    const WireChoice& wire, const Provider& provider) {
    if (wire.makes_url || provider.platform != Platform::direct || wire_of_path(url.path)) return;
    HttpUrl better = url;
    better.path = std::string(without_tail(url.path));
    if (better.path.empty()) better.path = "/v1";
    better.path += endpoint_of(wire.speaks);
    reading.report.warn(
        "url-without-endpoint", node.place(),
        fmt::format(
            "the URL of provider {} has no endpoint path and is used as it stands: {}; add it, "
            "perhaps {}",
            provider.name, shown(url), shown(better)));
}

}  // namespace

Protocol protocol_of_url(std::string_view url) {
    return wire_of_url(url).value_or(Protocol::openai_chat);
}

void check_provider_url(const Reading& reading, const Node& node, const Listen& own,
                        Provider& provider) {
    const WireChoice wire = wire_of(provider);
    provider.speaks = wire.speaks;
    if (provider.base_url.empty()) return;
    if (!node.unresolved().empty()) {
        const std::string& name = node.unresolved().front();
        break_with(provider,
                   reading.report.error(
                       "unresolved-variable", node.place(),
                       fmt::format(
                           "the URL of provider {} names the variable {}, which is not set; export "
                           "{}=... before the start",
                           provider.name, name, name)));
        return;
    }
    const auto url = parse_url(provider.base_url);
    if (!url || (url->scheme != "http" && url->scheme != "https")) {
        break_with(
            provider,
            reading.report.error(
                "invalid-url", node.place(),
                fmt::format(
                    "the URL of provider {} is not a valid http:// or https:// URL; write the "
                    "complete one, such as https://host/v1/chat/completions",
                    provider.name)));
        return;
    }
    if (leads_back(url->host, url->port, own)) {
        break_with(
            provider,
            reading.report.error(
                "self-reference", node.place(),
                fmt::format(
                    "the URL of provider {} is the address of ccr itself ({}), requests would "
                    "run in a circle; set the provider's own URL, or change PORT",
                    provider.name, shown(*url))));
        return;
    }
    check_endpoint(reading, node, *url, wire, provider);
}

}  // namespace ccr::config
