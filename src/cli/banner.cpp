#include "cli/banner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace ccr::cli {
namespace {

std::string plural(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string row(std::string_view name, const std::string& value) {
    return fmt::format("  {:<10} {}\n", name, value);
}

std::string provider_text(const ProviderStatus& provider) {
    if (!provider.broken.empty()) return provider.name + " (broken)";
    return fmt::format("{} ({})", provider.name, plural(provider.models, "model"));
}

std::string providers_text(const ServiceStatus& status) {
    if (status.demo) return "none usable: the built-in demo answers";
    std::string out;
    for (const ProviderStatus& provider : status.providers) {
        out += (out.empty() ? "" : ", ") + provider_text(provider);
    }
    return out;
}

std::string findings_text(const ServiceStatus& status, const Paths& paths) {
    std::string out;
    std::size_t count = 0;
    for (config::Finding finding : status.findings) {
        // The texts around it say the same.
        if (finding.code == "demo") continue;
        finding.file = shortened(paths, finding.file);
        out += "  " + to_string(finding) + "\n";
        ++count;
    }
    return out.empty() ? out : "\n" + plural(count, "finding") + " in the configuration:\n" + out;
}

std::string rows(const ServiceStatus& status, const Paths& paths) {
    std::string out = row("endpoint", status.endpoint);
    if (!status.tls.empty()) out += row("TLS", "https://" + status.tls);
    out += row("config", shortened(paths, status.config_file));
    out += row("providers", providers_text(status));
    if (!status.default_model.empty()) out += row("default", status.default_model);
    return out;
}

std::string waiting_text(const ServiceStatus& status) {
    std::string out;
    for (const std::string& key : status.needs_restart) out += (out.empty() ? "" : ", ") + key;
    return out;
}

std::string curl_example(const ServiceStatus& status) {
    return fmt::format(
        "  curl {}/v1/messages -H 'content-type: application/json' \\\n"
        "    -d "
        "'{{\"model\":\"claude\",\"max_tokens\":200,\"messages\":[{{\"role\":\"user\",\"content\":"
        "\"Hello\"}}]}}'\n",
        status.endpoint);
}

}  // namespace

std::int64_t epoch_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string duration_text(std::int64_t milliseconds) {
    constexpr std::array<std::pair<std::int64_t, std::string_view>, 3> kUnits{
        {{86'400, "day"}, {3'600, "hour"}, {60, "minute"}}};
    const std::int64_t seconds = std::max<std::int64_t>(0, milliseconds / 1000);
    for (const auto& [size, unit] : kUnits) {
        if (seconds >= size) return plural(static_cast<std::size_t>(seconds / size), unit);
    }
    return plural(static_cast<std::size_t>(seconds), "second");
}

std::string setup_block(const std::vector<config::SetupHint>& hints,
                        const std::string& config_file) {
    if (hints.empty()) return "";
    std::string found;
    for (const config::SetupHint& hint : hints) {
        found += (found.empty() ? "" : ", ") +
                 (hint.variable.empty() ? "a local Ollama" : hint.variable);
    }
    return fmt::format("Found here: {}. To use {}, put this into {}:\n\n{}", found,
                       hints.size() == 1 ? "it" : "them", config_file,
                       config::starter_config(hints));
}

std::string banner(const ServiceStatus& status, const Paths& paths,
                   const std::vector<config::SetupHint>& hints) {
    std::string out = fmt::format("ccr {} is ready\n", status.version) + rows(status, paths);
    out += findings_text(status, paths);
    if (status.demo) {
        out +=
            "\nNo provider is configured, so the demo provider answers: scripted, no key needed.\n";
        out += setup_block(hints, shortened(paths, status.config_file));
    }
    out += "\nNext, in another terminal:\n  ccr code\nor\n" + curl_example(status) +
           "\nCtrl-C stops the service.\n";
    return out;
}

std::string status_block(const ServiceStatus& status, const Paths& paths, std::int64_t now) {
    std::string out =
        fmt::format("ccr is {}\n", status.state == "stopping" ? "stopping" : "running");
    out += row("process", fmt::format("{} (version {}), up {}", status.pid, status.version,
                                      duration_text(now - status.started_at)));
    out += row("port", std::to_string(status.port));
    out += rows(status, paths);
    out += row("requests", fmt::format("{} under way", status.active_requests));
    if (!status.needs_restart.empty()) {
        out += row("waiting", waiting_text(status) + " changed; `ccr restart` puts it into force");
    }
    for (const ProviderStatus& provider : status.providers) {
        if (!provider.broken.empty()) out += row("broken", provider.name + ": " + provider.broken);
    }
    if (!status.config_error.empty()) {
        out += "\nThe configuration cannot be read; the one before it stays in force:\n  " +
               status.config_error + "\n";
    }
    out += findings_text(status, paths);
    return out + "\nccr code starts the client, ccr stop ends the service.\n";
}

std::string already_running(const ServiceStatus& status, const Paths& paths,
                            std::uint16_t wanted_port, std::int64_t now) {
    std::string out =
        fmt::format("ccr is already running: pid {}, port {}, version {}, since {} ago, with {}.\n",
                    status.pid, status.port, status.version, duration_text(now - status.started_at),
                    shortened(paths, status.config_file));
    if (wanted_port != 0 && wanted_port != status.port) {
        out += fmt::format("The configuration now says port {}; `ccr restart` moves it there.\n",
                           wanted_port);
    }
    if (status.version != CCR_VERSION) {
        out +=
            fmt::format("This is version {}; `ccr restart` puts it into service.\n", CCR_VERSION);
    }
    return out;
}

}  // namespace ccr::cli
