#include "cli/service_status.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "config/http_url.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(config::Severity severity) {
    if (severity == config::Severity::note) return "note";
    return severity == config::Severity::warning ? "warning" : "error";
}

config::Severity severity_of(std::string_view name) {
    if (name == "note") return config::Severity::note;
    return name == "error" ? config::Severity::error : config::Severity::warning;
}

Json json_of(const config::Finding& finding) {
    return {{"severity", name_of(finding.severity)},
            {"code", finding.code},
            {"file", finding.file},
            {"line", finding.place.line},
            {"column", finding.place.column},
            {"message", finding.message}};
}

Json json_of(const ProviderStatus& provider) {
    Json out{{"name", provider.name}, {"wire", provider.wire}, {"models", provider.models}};
    if (!provider.broken.empty()) out["broken"] = provider.broken;
    return out;
}

config::Finding finding_of(const Json& json) {
    config::Finding finding;
    finding.severity = severity_of(json.value("severity", ""));
    finding.code = json.value("code", "");
    finding.file = json.value("file", "");
    finding.place = {json.value("line", 0), json.value("column", 0)};
    finding.message = json.value("message", "");
    return finding;
}

ProviderStatus provider_of(const Json& json) {
    return {json.value("name", ""), json.value("wire", ""), json.value("models", std::size_t{0}),
            json.value("broken", "")};
}

void read_lists(const Json& json, ServiceStatus& status) {
    status.needs_restart = json.value("needs_restart", std::vector<std::string>());
    for (const Json& provider : json.value("providers", Json::array())) {
        status.providers.push_back(provider_of(provider));
    }
    for (const Json& finding : json.value("findings", Json::array())) {
        status.findings.push_back(finding_of(finding));
    }
}

ServiceStatus status_of(const Json& json) {
    ServiceStatus status;
    status.instance = json.value("instance", "");
    status.state = json.value("state", "");
    status.pid = json.value("pid", std::int64_t{0});
    status.version = json.value("version", "");
    status.host = json.value("host", "");
    status.port = json.value("port", std::uint16_t{0});
    status.configured_port = json.value("configured_port", std::uint16_t{0});
    status.port_is_explicit = json.value("port_is_explicit", false);
    status.endpoint = json.value("endpoint", "");
    status.started_at = json.value("started_at", std::int64_t{0});
    status.config_file = json.value("config_file", "");
    status.config_error = json.value("config_error", "");
    status.demo = json.value("demo", false);
    status.default_model = json.value("default_model", "");
    status.active_requests = json.value("active_requests", std::size_t{0});
    status.before = json.value("before", "");
    status.unix_socket = json.value("unix_socket", "");
    status.tls = json.value("tls", "");
    status.hands_over = json.value("hands_over", false);
    status.drain_ms = json.value("drain_ms", status.drain_ms);
    read_lists(json, status);
    return status;
}

}  // namespace

std::string to_json(const ServiceStatus& status) {
    Json out{{"running", true},
             {"instance", status.instance},
             {"state", status.state},
             {"pid", status.pid},
             {"version", status.version},
             {"host", status.host},
             {"port", status.port},
             {"configured_port", status.configured_port},
             {"port_is_explicit", status.port_is_explicit},
             {"endpoint", status.endpoint},
             {"started_at", status.started_at},
             {"config_file", status.config_file},
             {"config_error", status.config_error},
             {"needs_restart", status.needs_restart},
             {"demo", status.demo},
             {"default_model", status.default_model},
             {"active_requests", status.active_requests},
             {"drain_ms", status.drain_ms},
             {"before", status.before},
             {"unix_socket", status.unix_socket},
             {"tls", status.tls},
             {"hands_over", status.hands_over},
             {"providers", Json::array()},
             {"findings", Json::array()}};
    for (const ProviderStatus& provider : status.providers)
        out["providers"].push_back(json_of(provider));
    for (const config::Finding& finding : status.findings)
        out["findings"].push_back(json_of(finding));
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<ServiceStatus> parse_status(std::string_view json) {
    // The library reports a member of another type by an exception.
    try {
        const Json parsed = Json::parse(json);
        if (parsed.is_object()) return status_of(parsed);
    } catch (const Json::exception&) {
    }
    return fail(ErrorKind::upstream_protocol,
                "The control socket gave an answer that is no status.");
}

void describe_config(const config::Config& config, ServiceStatus& status) {
    status.demo = config.demo;
    status.findings = config.findings;
    if (const auto& model = config.routing.fallback_default) {
        status.default_model = fmt::format("{},{}", model->provider, model->model);
    }
    for (const config::Provider& provider : config.providers) {
        status.providers.push_back({provider.name, std::string(ccr::name_of(provider.speaks)),
                                    provider.models.size(),
                                    provider.broken ? provider.broken->message : std::string()});
    }
}

std::string endpoint_of(const std::string& host, std::uint16_t port) {
    const bool is_v6_loopback = host == "::1" || host == "[::1]";
    if (is_v6_loopback) return fmt::format("http://[::1]:{}", port);
    if (host.empty() || config::is_loopback(host) || config::is_unspecified(host)) {
        return fmt::format("http://127.0.0.1:{}", port);
    }
    const bool is_bare_v6 = host.find(':') != std::string::npos && !host.starts_with('[');
    return is_bare_v6 ? fmt::format("http://[{}]:{}", host, port)
                      : fmt::format("http://{}:{}", host, port);
}

std::string tls_endpoint(const config::Listen& listen) {
    if (!listen.tls) return {};
    const std::string& host = listen.tls->host;
    const bool is_bare_v6 = host.find(':') != std::string::npos && !host.starts_with('[');
    return fmt::format("{}{}{}:{}", is_bare_v6 ? "[" : "", host, is_bare_v6 ? "]" : "",
                       listen.tls->port);
}

}  // namespace ccr::cli
