#include "doctor/examine_environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text_case.h"
#include "config/http_url.h"
#include "net/proxy_rules.h"

namespace ccr::doctor {
namespace {

constexpr std::array kProxies{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY",
                              "http_proxy",  "ALL_PROXY",   "all_proxy"};
constexpr std::array kClouds{"CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX",
                             "CLAUDE_CODE_USE_FOUNDRY"};
constexpr std::string_view kStart = "`ccr code` and `eval \"$(ccr activate)\"` set it right";

Finding warning(std::string check, std::string place, std::string what, std::string remedy) {
    return {Severity::warning, Area::environment, std::move(check),
            std::move(place),  std::move(what),   std::move(remedy)};
}

std::string value_of(const EnvironmentFacts& facts, std::string_view name) {
    return facts.environment(name).value_or("");
}

bool is_our_host(const std::string& host, const EnvironmentFacts& facts) {
    return host == facts.host || config::is_loopback(host) || config::is_unspecified(host);
}

bool leads_here(const std::string& url, const EnvironmentFacts& facts) {
    const auto parsed = config::parse_url(url);
    // Any of our own ports, where ccr takes the next free one.
    return parsed && is_our_host(parsed->host, facts) &&
           (facts.port == 0 || parsed->port == facts.port);
}

// As Claude Code reads its switches.
bool is_on(const std::string& value) {
    const std::string word = lower_case(value);
    return word == "1" || word == "true" || word == "yes" || word == "on";
}

std::string shown_url(const std::string& text) {
    const auto url = config::parse_url(text);
    return url ? config::shown(*url) : "something that is no URL";
}

void credentials(const EnvironmentFacts& facts, Findings& out) {
    const std::string key = value_of(facts, "ANTHROPIC_API_KEY");
    const std::string token = value_of(facts, "ANTHROPIC_AUTH_TOKEN");
    if (!key.empty() && !token.empty())
        out.push_back(
            warning("both-credentials", "ANTHROPIC_API_KEY",
                    "ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN are both set: Claude Code "
                    "warns of an auth conflict and may present the wrong one",
                    fmt::format("unset ANTHROPIC_API_KEY; {}", kStart)));
    const std::string& presented = token.empty() ? key : token;
    if (!facts.key.empty() && !presented.empty() && presented != facts.key &&
        leads_here(value_of(facts, "ANTHROPIC_BASE_URL"), facts))
        out.push_back(warning(
            "wrong-client-key", token.empty() ? "ANTHROPIC_API_KEY" : "ANTHROPIC_AUTH_TOKEN",
            "it is not the APIKEY of the configuration, so ccr answers 401", std::string(kStart)));
}

void address(const EnvironmentFacts& facts, Findings& out) {
    const std::string url = value_of(facts, "ANTHROPIC_BASE_URL");
    if (!url.empty() && !leads_here(url, facts))
        out.push_back(warning(
            "leads-elsewhere", "ANTHROPIC_BASE_URL",
            fmt::format("a client that is started by hand asks {}, not ccr", shown_url(url)),
            std::string(kStart)));
    for (const char* const cloud : kClouds) {
        if (is_on(value_of(facts, cloud)))
            out.push_back(warning("cloud-instead", cloud,
                                  "it makes Claude Code ask a cloud and not ANTHROPIC_BASE_URL",
                                  fmt::format("unset {}; {}", cloud, kStart)));
    }
}

bool is_excepted(const std::string& no_proxy, const EnvironmentFacts& facts) {
    return net::is_exempt({"http", facts.host, facts.port}, no_proxy);
}

bool is_excepted_here(const EnvironmentFacts& facts) {
    return is_excepted(value_of(facts, "NO_PROXY"), facts) ||
           is_excepted(value_of(facts, "no_proxy"), facts);
}

bool is_excepted_in(const ClientSettings& file, const EnvironmentFacts& facts) {
    return std::ranges::any_of(file.variables, [&](const auto& variable) {
        const auto& [name, value] = variable;
        return (name == "NO_PROXY" || name == "no_proxy") && is_excepted(value, facts);
    });
}

void proxies(const EnvironmentFacts& facts, Findings& out) {
    for (const char* const name : kProxies) {
        const std::string proxy = value_of(facts, name);
        if (proxy.empty()) continue;
        const std::string url = proxy.find("://") == std::string::npos ? "http://" + proxy : proxy;
        if (facts.port != 0 && leads_here(url, facts)) {
            Finding circle =
                warning("self-proxy", name,
                        fmt::format("the proxy {} is ccr itself: requests would run in "
                                    "a circle",
                                    shown_url(url)),
                        fmt::format("unset {}, or name your network's proxy", name));
            circle.severity = Severity::failure;
            out.push_back(std::move(circle));
        } else if (!is_excepted_here(facts)) {
            out.push_back(warning(
                "proxy-without-no-proxy", name,
                fmt::format("a client that is started by hand reaches {} through the proxy {}, "
                            "which does not know this machine",
                            facts.host, shown_url(url)),
                fmt::format("export NO_PROXY={},localhost; `ccr code` does so", facts.host)));
            return;  // one of them says it for all
        }
    }
}

bool is_proxy(const std::string& name) {
    return std::ranges::find(kProxies, name) != kProxies.end();
}

// What of a settings file's variable leads past ccr; "" = nothing.
std::string misleading(const std::string& name, const std::string& value,
                       const ClientSettings& file, const EnvironmentFacts& facts) {
    if (value.empty()) return "";
    if (name == "ANTHROPIC_BASE_URL" && !leads_here(value, facts))
        return fmt::format("sets ANTHROPIC_BASE_URL to {}, which beats the environment",
                           shown_url(value));
    const bool is_credential = name == "ANTHROPIC_API_KEY" || name == "ANTHROPIC_AUTH_TOKEN";
    if (is_credential && value != facts.key && (!facts.key.empty() || name == "ANTHROPIC_API_KEY"))
        return fmt::format("sets {}, which the client presents instead of ccr's", name);
    if (std::ranges::find(kClouds, name) != kClouds.end() && is_on(value))
        return fmt::format("sets {}, so that Claude Code asks a cloud and not ccr", name);
    if (is_proxy(name) && !is_excepted_here(facts) && !is_excepted_in(file, facts))
        return fmt::format("sets {} without a NO_PROXY for {}", name, facts.host);
    return "";
}

void settings(const EnvironmentFacts& facts, const ClientSettings& file, Findings& out) {
    const auto add = [&](std::string check, std::string what, std::string entry) {
        std::string remedy =
            file.is_managed ? fmt::format(
                                  "have {} taken out of it: not even `ccr code` overrules an "
                                  "administrator's settings",
                                  entry)
                            : fmt::format(
                                  "take {} out of that file, or start the client with `ccr code`, "
                                  "which overrules it",
                                  entry);
        Finding finding = warning(std::move(check), file.file, std::move(what), std::move(remedy));
        // `ccr code` adds a NO_PROXY of its own, which an administrator's proxy leaves alone.
        if (file.is_managed && !is_proxy(entry)) finding.severity = Severity::failure;
        out.push_back(std::move(finding));
    };
    if (file.is_broken)
        out.push_back(warning("broken-settings", file.file,
                              "it is no JSON, so the client ignores it", "correct it"));
    for (const auto& [name, value] : file.variables) {
        std::string what = misleading(name, value, file, facts);
        if (!what.empty()) add("settings-override", std::move(what), name);
    }
    if (file.has_key_helper)
        add("key-helper", "has an apiKeyHelper, whose key the client presents beside ccr's",
            "apiKeyHelper");
}

}  // namespace

bool leads_to_ccr(const EnvironmentFacts& facts) {
    std::string url = value_of(facts, "ANTHROPIC_BASE_URL");
    for (const ClientSettings& file : facts.settings) {
        for (const auto& [name, value] : file.variables) {
            if (name == "ANTHROPIC_BASE_URL" && !value.empty()) url = value;
        }
    }
    return leads_here(url, facts);
}

Findings examine_environment(const EnvironmentFacts& facts) {
    Findings out;
    credentials(facts, out);
    address(facts, out);
    proxies(facts, out);
    for (const ClientSettings& file : facts.settings) settings(facts, file, out);
    if (!facts.client_is_there)
        out.push_back(warning("client-missing", facts.client,
                              fmt::format("the client \"{}\" was not found", facts.client),
                              "npm install -g @anthropic-ai/claude-code, or name its path as "
                              "CLAUDE_PATH"));
    if (out.empty())
        out.push_back({Severity::good, Area::environment, "environment", "",
                       "nothing leads a client past ccr", ""});
    return out;
}

}  // namespace ccr::doctor
