#include "cli/doctor_service.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "cli/crash_note.h"
#include "cli/instance_lock.h"
#include "cli/private_file.h"
#include "cli/setup_advice.h"
#include "doctor/examine_config.h"
#include "net/listener_socket.h"

namespace ccr::cli {
namespace {

using doctor::Finding;
using doctor::Findings;
using doctor::Severity;

Finding about(Severity severity, std::string check, std::string place, std::string what,
              std::string remedy) {
    return {severity,         doctor::Area::service, std::move(check),
            std::move(place), std::move(what),       std::move(remedy)};
}

bool is_alive(int pid) {
    return ::kill(pid, 0) == 0 || errno == EPERM;
}

int number_in(const std::string& text) {
    int out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

bool is_same_file(const std::string& a, const std::string& b) {
    std::error_code failed;
    return a == b || std::filesystem::equivalent(a, b, failed);
}

void gather_port(const Surroundings& here, const config::Listen& listen, ServiceFacts& out) {
    out.lock = lock_path(here.paths, listen.port);
    out.lock_is_held = is_locked(out.lock);
    out.holder = last_holder(out.lock);
    if (!out.lock_is_held) out.left_behind = read_file(out.lock).value_or("");
    // Who has it on another address is in nobody's way.
    if (listen.port == 0 || net::listen_on_tcp(listen.host, listen.port)) return;
    out.owner = owner_of_port(listen.port);
    if (!out.owner && is_listening(listen.port)) out.owner = PortOwner{};
    if (out.owner) out.free_port = free_port_after(listen.host, listen.port);
}

std::vector<std::string> broken_there(const ServiceStatus& status, const config::Config& config) {
    std::vector<std::string> out;
    for (const ProviderStatus& provider : status.providers) {
        const auto* const here = config.find_provider(provider.name);
        if (!provider.broken.empty() && here != nullptr && !here->broken)
            out.push_back(provider.name);
    }
    return out;
}

void reload(const ServiceFacts& facts, const ServiceStatus& status, Findings& out) {
    if (!status.config_error.empty()) {
        const auto [what, remedy] = doctor::split_message(
            status.config_error, "`ccr config edit` opens the file and checks it");
        out.push_back(
            about(Severity::failure, "reload-failed", status.config_file,
                  "the changed configuration cannot be read, so that the old one stays in "
                  "force: " +
                      what,
                  remedy));
    }
    if (!status.needs_restart.empty())
        out.push_back(
            about(Severity::warning, "needs-restart", status.config_file,
                  fmt::format("a change of {} waits", fmt::join(status.needs_restart, ", ")),
                  "`ccr restart`"));
    if (status.config_file != facts.config_file)
        out.push_back(about(Severity::warning, "other-configuration", status.endpoint,
                            "it runs with " + status.config_file + ", not " + facts.config_file,
                            "`ccr --config FILE doctor` looks at that one; `ccr stop` and `ccr "
                            "start` begin with this one"));
}

void running(const ServiceFacts& facts, Findings& out) {
    const ServiceStatus& status = facts.running->status;
    if (status.version != facts.version)
        out.push_back(about(Severity::warning, "other-version", status.endpoint,
                            fmt::format("the running service is version {}, this is {}",
                                        status.version, facts.version),
                            "`ccr restart` puts this one in its place"));
    reload(facts, status, out);
    if (!facts.broken.empty())
        out.push_back(about(
            Severity::failure, "service-environment", status.endpoint,
            fmt::format("it cannot use {}, whose variables or key this shell has and it has not",
                        fmt::join(facts.broken, ", ")),
            "`ccr restart` from this shell; for a systemd unit, `ccr service install` once more"));
    if (status.state != "ready")
        out.push_back(about(Severity::warning, "ending", status.endpoint,
                            "it ends when its requests have", "`ccr start` once it has"));
    if (out.empty())
        out.push_back(about(Severity::good, "running", status.endpoint,
                            fmt::format("version {}, pid {}", status.version, status.pid), ""));
}

void claims(const ServiceFacts& facts, Findings& out) {
    if (facts.lock_is_held) {
        const SilentHolder holder = silent_holder(
            facts.lock, facts.holder, facts.holder > 0 ? "`ccr start`" : "`ccr doctor` again");
        out.push_back(about(holder.is_changing ? Severity::warning : Severity::failure,
                            holder.is_changing ? "starting-or-ending" : "no-answer", facts.lock,
                            holder.what, holder.remedy));
    } else if (facts.owner) {
        out.push_back(about(
            Severity::failure, "port-taken", fmt::format("port {}", facts.port.value_or(0)),
            fmt::format("{} listens there, so that ccr cannot start", to_string(*facts.owner)),
            facts.free_port != 0
                ? fmt::format("`ccr config set PORT {}`, or end it", facts.free_port)
                : std::string("`ccr config set PORT N` takes another one, or end it")));
    }
}

void remains(const ServiceFacts& facts, Findings& out) {
    if (!facts.left_behind.empty())
        out.push_back(
            about(Severity::warning, "crashed", facts.lock,
                  fmt::format("the service that ran here before (pid {}) {}",
                              number_in(facts.left_behind), how_it_ended(facts.left_behind)),
                  "`ccr logs` tells what came last; `ccr start` starts it again"));
    else if (facts.pid != 0)
        out.push_back(
            about(Severity::warning, "stale-pid-file", facts.pid_file,
                  fmt::format("it names process {}, which is no running ccr", facts.pid),
                  fmt::format("`rm {}`, or `ccr start`, which writes it anew", facts.pid_file)));
}

void absent(const ServiceFacts& facts, Findings& out) {
    claims(facts, out);
    remains(facts, out);
    if (facts.is_awaited)
        out.push_back(about(Severity::failure, "not-running", "ANTHROPIC_BASE_URL",
                            "clients of this shell are led to ccr, and it does not run",
                            "`ccr start --daemon`"));
    else if (out.empty() && facts.port)
        out.push_back(about(Severity::good, "not-running", "",
                            "it does not run; `ccr code` starts it, and so does `ccr start`", ""));
}

}  // namespace

ServiceFacts gather_service(const Surroundings& here, const Result<config::Config>& config,
                            bool is_awaited) {
    ServiceFacts out;
    out.version = CCR_VERSION;
    out.config_file = here.config_file;
    out.is_awaited = is_awaited;
    out.running = find_instance(here.paths, wanted(here, config));
    if (config) out.port = config->listen.port;
    if (out.running && config) out.broken = broken_there(out.running->status, *config);
    if (out.running) {
        for (const ProviderStatus& provider : out.running->status.providers) {
            if (provider.broken.empty()) out.usable_there.push_back(provider.name);
        }
        if (is_same_file(out.running->status.config_file, out.config_file))
            out.config_file = out.running->status.config_file;
        return out;
    }
    if (config) gather_port(here, config->listen, out);
    out.pid_file = here.paths.pid_file;
    const int pid = number_in(read_file(out.pid_file).value_or(""));
    const auto others = running_instances(here.paths);
    const bool is_ours =
        std::ranges::any_of(others, [&](const Instance& other) { return other.status.pid == pid; });
    // A living process of that number that is no ccr of this user: the number was given anew.
    if (pid != 0 && !is_ours && !(out.lock_is_held && is_alive(pid))) out.pid = pid;
    return out;
}

Findings examine_service(const ServiceFacts& facts) {
    Findings out;
    if (facts.running)
        running(facts, out);
    else
        absent(facts, out);
    return out;
}

}  // namespace ccr::cli
