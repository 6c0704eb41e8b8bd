#include "cli/serve.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <variant>

#include "base/heap.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/redact.h"
#include "cli/banner.h"
#include "cli/claim.h"
#include "cli/claude_onboarding.h"
#include "cli/commands.h"
#include "cli/crash_note.h"
#include "cli/exit_codes.h"
#include "cli/handover.h"
#include "cli/log_settings.h"
#include "cli/no_dumps.h"
#include "cli/port_owner.h"
#include "cli/private_file.h"
#include "cli/sd_notify.h"
#include "cli/service.h"
#include "cli/setup_advice.h"
#include "cli/starter.h"
#include "config/fetch_keys.h"

namespace ccr::cli {
namespace {

constexpr std::size_t kInstanceBytes = 16;

struct Start {
    const Surroundings& here;
    config::ConfigPtr config;
    std::optional<Starter> starter;  // none in the foreground
    std::vector<config::SetupHint> hints;

    bool in_foreground() const { return !starter.has_value(); }
};

int already_there(const Start& start, const Instance& instance) {
    if (start.starter) {
        start.starter->announce(instance.status.instance);
    } else {
        fmt::print("{}", already_running(instance.status, start.here.paths,
                                         start.config->listen.port, epoch_ms()));
    }
    return kDone;
}

// The bind error, with the owner of the port and a way out.
std::string bind_failure(const Start& start, const Error& error) {
    const config::Listen& listen = start.config->listen;
    const auto owner = owner_of_port(listen.port);
    const bool is_plain_one = owner && owner->pid != ::getpid();
    if (listen.port == 0 || !is_plain_one) return error.message;
    std::string out = fmt::format("Cannot listen on {} port {}: it is in use by {}.", listen.host,
                                  listen.port, to_string(*owner));
    const std::uint16_t free = free_port_after(listen.host, listen.port);
    out += fmt::format(
        " Stop that program, or choose another port: PORT in {} or `ccr start --port {}`.",
        shortened(start.here.paths, start.here.config_file),
        free == 0 ? "N" : std::to_string(free));
    return out;
}

// What must not end the service is said and logged, no more.
void prepare(Start& start) {
    forbid_dumps();
    keep_freed_memory();
    config::Config complete = *start.config;
    config::fetch_keys(complete);
    start.config = std::make_shared<const config::Config>(std::move(complete));
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file at its limit fails like a full disk
    ::umask(S_IRWXG | S_IRWXO);
    redact::set_secrets(start.config->secrets);
    log::configure(
        log_settings(start.config->logging, start.here.paths.logs, start.in_foreground()));
    const auto seeded = seed_claude_state(start.here.paths.user_home);
    if (!seeded)
        log::warn("the client's state file could not be written",
                  {{"err", seeded.error().message}});
}

ServiceSettings settings_of(const Start& start, const Claim& claim) {
    const bool is_main = claim.main.has_value();
    ServiceSettings settings;
    settings.config = start.config;
    settings.environment = start.here.environment;
    settings.port_is_explicit = start.here.port_is_explicit;
    settings.instance = start.starter ? start.starter->instance() : random_hex(kInstanceBytes);
    const Paths& paths = start.here.paths;
    settings.control_socket =
        is_main ? main_socket_path(paths) : socket_path(paths, start.config->listen.port);
    settings.state_file = paths.state;
    settings.before = claim.before;
    settings.locks = {claim.port.descriptor()};
    if (is_main) settings.locks.push_back(claim.main->descriptor());
    settings.demo_advice = setup_sentence(start.hints, shortened(paths, start.here.config_file));
    return settings;
}

void log_start(const ServiceStatus& status) {
    log::info("started", {{"version", status.version},
                          {"endpoint", status.endpoint},
                          {"config", status.config_file},
                          {"providers", static_cast<std::int64_t>(status.providers.size())},
                          {"demo", status.demo},
                          {"instance", status.instance}});
    log_findings(status.findings);
    if (!status.before.empty()) log::warn(status.before);
}

void announce(const Start& start, const ServiceStatus& status) {
    if (start.starter) {
        start.starter->announce(status.instance);
    } else {
        fmt::print("{}", banner(status, start.here.paths, start.hints));
        std::fflush(stdout);
    }
    log_start(status);
}

void write_pid_file(const Paths& paths) {
    const auto written = write_private_file(paths.pid_file, std::to_string(::getpid()));
    if (!written)
        log::warn("the pid file could not be written", {{"err", written.error().message}});
}

void remove_pid_file(const Paths& paths) {
    if (read_file(paths.pid_file) == std::to_string(::getpid())) ::unlink(paths.pid_file.c_str());
}

int could_not_start(const std::string& reason) {
    log::error("the service could not start", {{"err", reason}});
    fmt::print(stderr, "{}\n", reason);
    return kFailed;
}

// What the next start would take for the traces of a crash.
void tidy_up(const Start& start, const Claim& claim, const std::string& control_socket) {
    if (claim.main) remove_pid_file(start.here.paths);
    ::unlink(control_socket.c_str());
    claim.port.say_goodbye();
}

int serve_claimed(const Start& start, Claim& claim, InheritedSockets inherited,
                  const std::string& predecessor) {
    ServiceSettings settings = settings_of(start, claim);
    const std::string control_socket = settings.control_socket;
    settings.inherited = std::move(inherited);
    settings.let_go = [&claim] {
        note_crashes(-1);
        claim.port.release();
        claim.main.reset();
    };
    Service service(std::move(settings));
    if (const auto opened = service.open(); !opened) {
        const int failed = could_not_start(bind_failure(start, opened.error()));
        if (!predecessor.empty()) std::_Exit(failed);  // the socket files stay the old one's
        claim.port.say_goodbye();
        return failed;
    }
    if (!predecessor.empty()) {
        const auto confirmed = confirm_handover(start.starter->predecessor(), predecessor);
        if (!confirmed) std::_Exit(could_not_start(confirmed.error().message));
        claim.port.sign();
    }
    note_crashes(claim.port.descriptor());
    if (claim.main) write_pid_file(start.here.paths);
    announce(start, service.status());
    tell_manager(manager_socket(), fmt::format("READY=1\nMAINPID={}", ::getpid()));
    const bool clean = service.run();
    if (!service.is_handed_over()) tidy_up(start, claim, control_socket);
    log::info("stopped");
    log::shutdown();
    // Requests that did not end hold references to what would be destroyed now.
    if (!clean) std::_Exit(kDone);
    return kDone;
}

int serve_after(Start& start) {
    auto inherited = ask_for_handover(start.starter->predecessor());
    if (!inherited) return report(inherited.error());
    prepare(start);
    return serve_claimed(start, inherited->claim,
                         {std::move(inherited->listeners), std::move(inherited->control)},
                         inherited->predecessor);
}

}  // namespace

int serve(const Surroundings& here, config::Config config) {
    Start start{here, nullptr, Starter::take(), {}};
    if (config.demo) start.hints = find_setup(here.environment);
    start.config = std::make_shared<const config::Config>(std::move(config));
    if (const auto made = ensure_directories(here.paths); !made) return report(made.error());
    if (start.starter && !start.starter->predecessor().empty()) return serve_after(start);
    const Wanted what{start.config->listen.port, here.port_is_explicit, here.config_file};
    auto claimed = claim_port(here.paths, what);
    if (!claimed) return report(claimed.error());
    if (const auto* running = std::get_if<Instance>(&*claimed))
        return already_there(start, *running);
    prepare(start);
    return serve_claimed(start, std::get<Claim>(*claimed), {}, {});
}

}  // namespace ccr::cli
